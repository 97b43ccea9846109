package import SentioKit
import SentioSongStages

/// Runs its members once per fold and scores every song by the model that had not seen it.
///
/// All songs are assigned to the folds at once. Each copy of the members sees its fold's split as `split`. Members with
/// an output of type `predictions` are collected: from outside, `cv.ridge.predictions` are ridge's out-of-fold
/// predictions, `cv.ridge.scores` their scores, and `cv` is the table that compares the members.
package struct CrossValidateGroup: StageGroup {
    package static let kind = "cross-validate"
    package static let summary =
        "Runs a group of stages once per fold; pooled and per-fold scores of each model, and their comparison."

    static let folds = AssignFoldsStage.folds
    static let repeats = AssignFoldsStage.repeats
    static let validation = Parameter(
        "validation", default: 0.0, in: 0...0.9,
        "Fraction of all songs, taken from outside each fold, to choose models by.")

    package static let parameters: [any ParameterDefinition] = [
        folds, repeats, AssignFoldsStage.group, AssignFoldsStage.stratify, validation, AssignFoldsStage.seed,
        EvaluateStage.bootstrap,
        EvaluateStage.level,
    ]
    package static let inputs = [InputPort("labels", .labels, isRequired: true, "Ratings and metadata of all songs.")]
    package static let outputs = ComparisonStage.outputs
    package static let provided = [OutputPort("split", .split, "The fold's split: its songs are the test set.")]
    package static let reserved = ["folds", "labels"]

    /// Copies of the members that one group may have.
    static let mostCopies = 10_000

    private let configuration: Configuration
    private let folds: Int
    private let repeats: Int

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        folds = configuration[Self.folds]
        repeats = configuration[Self.repeats]
        guard folds * repeats <= Self.mostCopies else {
            throw ConfigurationErrors(
                "repeats", "\(folds) folds \(repeats) times are more than \(Self.mostCopies); lower one of them.")
        }
        if 1 / Double(folds) + configuration[Self.validation] >= 1 {
            throw ConfigurationErrors("validation", "with the fold it leaves no songs to train on.")
        }
        try SongAssignment.check(configuration[AssignFoldsStage.group])
    }

    package func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion {
        let models = members.compactMap { member in member.output(.predictions).map { (name: member.name, output: $0) }
        }
        guard !models.isEmpty else {
            throw StageFailure(
                "none of its members gives predictions, so there is nothing to score; add a model, such as ridge.")
        }
        let places = (0..<repeats).flatMap { number in (0..<folds).map { (number: number, fold: $0) } }
        let labels = places.map { FoldLabel.outer($0.fold, repeat: $0.number, of: repeats) }
        var made = [
            GroupExpansion.Made(
                "folds", AssignFoldsStage.self, inputs: [("labels", .input("labels"))],
                parameters: values("folds", "repeats", "group", "stratify", "seed"))
        ]
        for (place, label) in zip(places, labels) {
            made.append(split(place.fold, place.number, label))
        }
        for model in models {
            let ports = labels.flatMap { label -> [(port: String, source: GroupExpansion.Source)] in
                [
                    ("predictions@\(label)", .member(model.name, copy: label, output: model.output)),
                    ("split@\(label)", .made("split@\(label)", output: "split")),
                ]
            }
            made.append(
                GroupExpansion.Made(
                    model.name, OutOfFoldStage.self, inputs: [("labels", .input("labels"))] + ports,
                    parameters: values("folds", "repeats", "bootstrap", "level", "seed")))
        }
        made.append(
            GroupExpansion.Made(
                "", ComparisonStage.self, inputs: models.map { ($0.name, .made($0.name, output: "scores")) },
                parameters: ["order": .list(models.map { .string($0.name) })]))
        return GroupExpansion(
            copies: labels.map { GroupExpansion.Copy($0, provided: ["split": .made("split@\($0)", output: "split")]) },
            made: made)
    }

    private func split(_ fold: Int, _ number: Int, _ label: String) -> GroupExpansion.Made {
        var inputs: [(port: String, source: GroupExpansion.Source)] = [("folds", .made("folds", output: "folds"))]
        var parameters: [String: Value] = ["fold": .int(fold), "repeat": .int(number)]
        if configuration[Self.validation] > 0 {
            parameters.merge(values("validation")) { _, new in new }
            if configuration[AssignFoldsStage.stratify] != .none {
                parameters.merge(values("stratify")) { _, new in new }
                inputs.append(("labels", .input("labels")))
            }
        }
        return GroupExpansion.Made("split@\(label)", FoldSplitStage.self, inputs: inputs, parameters: parameters)
    }

    private func values(_ names: String...) -> [String: Value] {
        configuration.values.filter { names.contains($0.key) }
    }
}
