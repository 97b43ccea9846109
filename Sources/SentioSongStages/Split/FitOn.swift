package import SentioKit
package import SentioLearn

/// The sets of the split that a model is fitted on.
package enum FitOn: String, ParameterChoice {
    case train, validation

    package static let parameter = Parameter(
        "fit_on", default: [FitOn.train],
        "Sets of the split that the model is fitted on: train, or train and validation.")

    /// - throws: `ConfigurationErrors` where `train` is not among them.
    package static func sets(
        _ configuration: Configuration, of parameter: Parameter<[FitOn]> = parameter
    ) throws(ConfigurationErrors) -> [SplitSet] {
        let sets = configuration[parameter]
        guard sets.contains(.train) else { throw ConfigurationErrors("fit_on", "the set `train` must be among them.") }
        return sets.contains(.validation) ? [.train, .validation] : [.train]
    }
}
