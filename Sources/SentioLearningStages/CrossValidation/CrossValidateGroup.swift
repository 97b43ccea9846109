package import SentioKit
import SentioSongStages

/// Runs its members once per fold and scores each song with the model that has not seen it.
///
/// All songs are assigned to folds at once; with `duplicates`, the copies of a recording go to the same fold. Each copy
/// of the members receives its fold's split as `split`. Members with an output of type `predictions` are pooled: from
/// outside, `cv.ridge.predictions` are ridge's out-of-fold predictions, `cv.ridge.scores` their scores, and `cv` is the
/// table that compares the members. Members that predict classes, or ratings over time, are pooled too; the latter are
/// scored against the group's input `ratings`.
package struct CrossValidateGroup: StageGroup {
    package static let kind = "cross-validate"
    package static let summary =
        "Runs a group of stages once per fold, scores each model pooled and per fold, and compares the models."

    static let folds = AssignFoldsStage.folds
    static let repeats = AssignFoldsStage.repeats
    static let validation = Parameter(
        "validation", default: 0.0, in: 0...0.9,
        "Fraction of all songs, taken from outside each fold, for model selection.")

    package static let parameters: [any ParameterDefinition] = [
        folds, repeats, AssignFoldsStage.group, AssignFoldsStage.stratify, validation, AssignFoldsStage.seed,
        EvaluateStage.bootstrap,
        EvaluateStage.level,
        SongSets.parameter,
    ]
    static let labels = InputPort("labels", .labels, "Ratings and metadata of all songs.")
    static let ratings = InputPort(
        "ratings", .ratingSequences, isRequired: false, "Ratings over time, for members that predict them.")
    package static let inputs = [labels, ratings, DuplicateTable.port]
    package static let outputs = ComparisonStage.outputs
    static let split = OutputPort("split", .split, "The fold's split: the songs of the fold are the test set.")
    package static let provided = [split]
    package static let reserved = ["folds", "labels"]

    /// Most copies of the members that one group may have.
    static let mostCopies = 10_000

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let folds = configuration[Self.folds], repeats = configuration[Self.repeats]
        guard folds * repeats <= Self.mostCopies else {
            throw ConfigurationErrors(
                "repeats", "\(folds) folds × \(repeats) repeats exceed \(Self.mostCopies); lower one of them.")
        }
        if 1 / Double(folds) + configuration[Self.validation] >= 1 {
            throw ConfigurationErrors("validation", "together with the test fold it leaves no songs to train on.")
        }
        try SongAssignment.check(configuration[AssignFoldsStage.group])
    }

    package func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion {
        let models = members.compactMap { member in member.output(.predictions).map { (name: member.name, output: $0) }
        }
        let sequences = members.compactMap { member in
            member.output(.predictedSequences).map { (name: member.name, output: $0) }
        }
        let classifiers = members.compactMap { member in
            member.output(.classPredictions).map { (name: member.name, output: $0) }
        }
        guard !models.isEmpty || !sequences.isEmpty || !classifiers.isEmpty else {
            throw StageFailure(
                "none of its members outputs predictions, so there is nothing to score; add a model, such as ridge.")
        }
        let folds = configuration[Self.folds], repeats = configuration[Self.repeats]
        let places = (0..<repeats).flatMap { number in (0..<folds).map { (number: number, fold: $0) } }
        let labels = places.map { FoldLabel.outer($0.fold, repeat: $0.number, of: repeats) }
        var made = [
            GroupExpansion.Made(
                "folds", AssignFoldsStage.self,
                inputs: [
                    (AssignFoldsStage.labels, .input(Self.labels)), (DuplicateTable.port, .input(DuplicateTable.port)),
                ],
                parameters: configuration.values(
                    of: Self.folds, Self.repeats, AssignFoldsStage.group, AssignFoldsStage.stratify,
                    AssignFoldsStage.seed))
        ]
        for (place, label) in zip(places, labels) {
            made.append(split(place.fold, place.number, label))
        }
        for model in models {
            let ports = labels.flatMap { label -> [(port: InputPort, source: GroupExpansion.Source)] in
                [
                    (OutOfFoldStage.predictions(of: label), .member(model.name, copy: label, output: model.output)),
                    (
                        OutOfFoldStage.split(of: label),
                        .made("split@\(label)", output: FoldSplitStage.splitOutput)
                    ),
                ]
            }
            made.append(
                GroupExpansion.Made(
                    model.name, OutOfFoldStage.self,
                    inputs: [(OutOfFoldStage.labels, .input(Self.labels))] + ports,
                    parameters: configuration.values(
                        of: Self.folds, Self.repeats, EvaluateStage.bootstrap, EvaluateStage.level,
                        AssignFoldsStage.seed, SongSets.parameter)))
        }
        made += sequences.map { collected($0.name, $0.output, labels) }
        made += classifiers.map { classified($0.name, $0.output, labels) }
        let compared = members.map(\.name).filter { name in
            (models + sequences + classifiers).contains { $0.name == name }
        }
        made.append(
            GroupExpansion.Made(
                "", ComparisonStage.self,
                inputs: compared.map { (InputPort($0, .scores), .made($0, output: OutOfFoldStage.scores)) },
                parameters: [ComparisonStage.order.name: .list(compared.map { .string($0) })]))
        return GroupExpansion(
            copies: labels.map {
                GroupExpansion.Copy(
                    $0, provided: [Self.split: .made("split@\($0)", output: FoldSplitStage.splitOutput)])
            },
            made: made)
    }

    /// The stage that pools and scores a model of ratings over time. It has the name of its member.
    private func collected(_ name: String, _ output: OutputPort, _ labels: [String]) -> GroupExpansion.Made {
        let ports = labels.flatMap { label -> [(port: InputPort, source: GroupExpansion.Source)] in
            [
                (OutOfFoldSequenceStage.predictions(of: label), .member(name, copy: label, output: output)),
                (
                    OutOfFoldSequenceStage.split(of: label),
                    .made("split@\(label)", output: FoldSplitStage.splitOutput)
                ),
            ]
        }
        return GroupExpansion.Made(
            name, OutOfFoldSequenceStage.self, inputs: [(SequenceScoring.ratings, .input(Self.ratings))] + ports,
            parameters: configuration.values(
                of: Self.folds, Self.repeats, EvaluateStage.bootstrap, EvaluateStage.level, AssignFoldsStage.seed))
    }

    /// The stage that pools and scores a classifier. It has the name of its member.
    private func classified(_ name: String, _ output: OutputPort, _ labels: [String]) -> GroupExpansion.Made {
        let ports = labels.flatMap { label -> [(port: InputPort, source: GroupExpansion.Source)] in
            [
                (OutOfFoldClassesStage.predictions(of: label), .member(name, copy: label, output: output)),
                (
                    OutOfFoldClassesStage.split(of: label),
                    .made("split@\(label)", output: FoldSplitStage.splitOutput)
                ),
            ]
        }
        return GroupExpansion.Made(
            name, OutOfFoldClassesStage.self, inputs: [(ClassScoring.labels, .input(Self.labels))] + ports,
            parameters: configuration.values(
                of: Self.folds, Self.repeats, EvaluateStage.bootstrap, EvaluateStage.level, AssignFoldsStage.seed))
    }

    private func split(_ fold: Int, _ number: Int, _ label: String) -> GroupExpansion.Made {
        var inputs: [(port: InputPort, source: GroupExpansion.Source)] = [
            (FoldSplitStage.folds, .made("folds", output: AssignFoldsStage.foldsOutput))
        ]
        var parameters: [String: Value] = [
            FoldSplitStage.fold.name: .int(fold), FoldSplitStage.number.name: .int(number),
        ]
        if configuration[Self.validation] > 0 {
            parameters.merge(configuration.values(of: Self.validation)) { _, new in new }
            if configuration[AssignFoldsStage.stratify] != .none {
                parameters.merge(configuration.values(of: AssignFoldsStage.stratify)) { _, new in new }
                inputs.append((FoldSplitStage.labels, .input(Self.labels)))
            }
        }
        return GroupExpansion.Made("split@\(label)", FoldSplitStage.self, inputs: inputs, parameters: parameters)
    }
}
