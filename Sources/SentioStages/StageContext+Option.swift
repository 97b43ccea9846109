import SentioKit

extension StageContext {
    /// What `--set` calls a parameter of this stage, whichever copy of it runs: `blend.ridge.folds`.
    func option(_ parameter: String) -> String { "\(stage.prefix { $0 != "@" }).\(parameter)" }
}
