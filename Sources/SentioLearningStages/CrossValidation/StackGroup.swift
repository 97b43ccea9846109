package import SentioKit
import SentioSongStages

/// Stacked regression of its members: weights fitted on out-of-fold predictions of the training songs, applied to
/// members that were fitted on all of them.
///
/// Only training songs are assigned to the inner folds, in the groups of the split. Each copy of the members receives
/// its inner split as `split`: the inner fold is its test set, validation songs remain validation songs, and test songs
/// are left out. A stack may be a member of a cross-validation or of another stack. Reading the out-of-fold predictions
/// passes the leakage guard.
package struct StackGroup: StageGroup {
    package static let kind = "stack"
    package static let summary = "Combines models with weights fitted on out-of-fold predictions of the training songs."

    static let folds = Parameter(
        "folds", default: 5, in: 2...1000, "Number of inner folds of the training songs.",
        source: "Breiman 1996, scikit-learn")

    package static let parameters: [any ParameterDefinition] = [
        folds, StackingStage.meta, AssignFoldsStage.fitOn, AssignFoldsStage.stratify, AssignFoldsStage.seed,
        StackingStage.calibrates,
    ]
    static let labels = InputPort("labels", .labels, "Ratings.")
    static let split = InputPort("split", .split, "Which songs to train on.")
    package static let inputs = [labels, split]
    package static let outputs = StackingStage.outputs
    static let innerSplit = OutputPort(
        "split", .split, "The inner split; for the copy fitted on all training songs, the outer split.")
    package static let provided = [innerSplit]
    package static let reserved = ["folds", "labels"]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        _ = try FitOn.sets(configuration, of: AssignFoldsStage.fitOn)
    }

    package func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion {
        let models = members.compactMap { member in member.output(.predictions).map { (name: member.name, output: $0) }
        }
        guard !models.isEmpty else {
            throw StageFailure(
                "none of its members outputs predictions, so there is nothing to stack; add a model, such as ridge.")
        }
        let fitsOnValidation = configuration[AssignFoldsStage.fitOn].contains(.validation)
        // Equal weights need no fit, and so no inner folds, unless their errors are asked for.
        let needsFolds = configuration[StackingStage.meta] != .mean || configuration[StackingStage.calibrates]
        let count = needsFolds ? configuration[Self.folds] : 0
        let labels = (0..<count).map { FoldLabel.inner($0) }
        var made: [GroupExpansion.Made] = []
        if count > 0 || fitsOnValidation {
            made.append(
                GroupExpansion.Made(
                    "folds", AssignFoldsStage.self,
                    inputs: [
                        (AssignFoldsStage.labels, .input(Self.labels)), (AssignFoldsStage.split, .input(Self.split)),
                    ],
                    parameters: configuration.values(
                        of: Self.folds, AssignFoldsStage.fitOn, AssignFoldsStage.stratify, AssignFoldsStage.seed)))
        }
        for (fold, label) in labels.enumerated() { made.append(split(.int(fold), label)) }
        // Where `fit_on` includes validation songs, the members must train on them in every copy.
        if fitsOnValidation { made.append(split(.null, FoldLabel.all)) }
        let whole = fitsOnValidation ? Self.made(FoldLabel.all) : .input(Self.split)
        var ports: [(port: InputPort, source: GroupExpansion.Source)] = [
            (StackingStage.labels, .input(Self.labels)), (StackingStage.split, .input(Self.split)),
        ]
        for label in labels { ports.append((StackingStage.split(of: label), Self.made(label))) }
        for label in labels + [FoldLabel.all] {
            for model in models {
                ports.append(
                    (
                        StackingStage.predictions(of: model.name, in: label),
                        .member(model.name, copy: label, output: model.output)
                    ))
            }
        }
        var parameters = configuration.values(of: StackingStage.meta, StackingStage.calibrates)
        parameters[StackingStage.folds.name] = .int(count)
        parameters[StackingStage.bases.name] = .list(models.map { .string($0.name) })
        made.append(GroupExpansion.Made("", StackingStage.self, inputs: ports, parameters: parameters))
        let copies = labels.map { GroupExpansion.Copy($0, provided: [Self.innerSplit: Self.made($0)]) }
        return GroupExpansion(
            copies: copies + [GroupExpansion.Copy(FoldLabel.all, provided: [Self.innerSplit: whole])], made: made)
    }

    private func split(_ fold: Value, _ label: String) -> GroupExpansion.Made {
        GroupExpansion.Made(
            "split@\(label)", FoldSplitStage.self,
            inputs: [
                (FoldSplitStage.folds, .made("folds", output: AssignFoldsStage.foldsOutput)),
                (FoldSplitStage.split, .input(Self.split)),
            ],
            parameters: [FoldSplitStage.fold.name: fold])
    }

    /// The split that the group makes for a copy.
    private static func made(_ label: String) -> GroupExpansion.Source {
        .made("split@\(label)", output: FoldSplitStage.splitOutput)
    }
}
