package import SentioKit

extension StageContext {
    /// The name of a parameter of this stage for `--set`, whichever copy of the stage runs: `blend.ridge.folds`.
    /// - parameter made: the name that a group gives to the stage; the parameter is then the group's, `cv.folds`.
    package func option(_ parameter: String, madeAs made: String? = nil) -> String {
        var path = stage.prefix { $0 != "@" }
        if let made, path.hasSuffix(".\(made)") { path = path.dropLast(made.count + 1) }
        return "\(path).\(parameter)"
    }
}
