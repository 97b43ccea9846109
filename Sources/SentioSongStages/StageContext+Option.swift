package import SentioKit

extension StageContext {
    /// What `--set` calls a parameter of this stage, whichever copy of it runs: `blend.ridge.folds`.
    /// - parameter made: what the stage is called where a group makes it; the parameter is the group's then,
    ///   `cv.folds`.
    package func option(_ parameter: String, madeAs made: String? = nil) -> String {
        var path = stage.prefix { $0 != "@" }
        if let made, path.hasSuffix(".\(made)") { path = path.dropLast(made.count + 1) }
        return "\(path).\(parameter)"
    }
}
