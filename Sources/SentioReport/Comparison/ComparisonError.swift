import SentioKit

/// Runs that cannot be compared song by song.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
    case tooFewArms
    case noPredictions(run: String)
    case unknownStage(String, run: String, available: [String])
    case noCommonStage([String])
    case unknownSet(String, stage: String, available: [String])
    case tooFewSharedSongs(stage: String, shared: Int)
    case differentTruth(song: String, dimension: String)
    case noCommonReplicates
    case unknownArm(String, available: [String])
    case noDose(parameter: String, available: [String])
    /// The parameter is swept over values that are not numbers.
    case noNumber(parameter: String, values: [String])
    case unknownMetric(String)
    case emptySweep(String)

    public var description: String {
        switch self {
        case .tooFewArms: "A comparison needs at least two arms."
        case .noPredictions(let run):
            "Run \(run) has no stored predictions: none of its `evaluate` or `cross-validate` stages has finished."
        case .unknownStage(let stage, let run, let available):
            "Run \(run) has no scoring stage `\(stage)`.\(Self.hint(stage, available)) It has "
                + "\(Self.list(available))."
        case .noCommonStage(let stages):
            "The runs have no scoring stage in common (\(Self.list(stages))). Name one for each run: RUN:STAGE."
        case .unknownSet(let set, let stage, let available):
            "`\(stage)` has not scored the set `\(set)`. It has scored \(Self.list(available))."
        case .tooFewSharedSongs(let stage, let shared):
            "The runs share \(shared) scored song\(shared == 1 ? "" : "s") at `\(stage)`; a paired comparison needs "
                + "at least 2."
        case .differentTruth(let song, let dimension):
            "The runs have different \(dimension) ratings for song \(song): they were not scored against the same "
                + "labels."
        case .noCommonReplicates:
            "The arms have no replicate in common, but a paired comparison needs the same replicates in every arm. Run "
                + "the sweep again; it runs only the missing cells."
        case .unknownArm(let arm, let available): "There is no arm `\(arm)`. There are \(Self.list(available))."
        case .noDose(let parameter, let available):
            "This sweep does not vary `\(parameter)`. It varies \(Self.list(available))."
        case .noNumber(let parameter, let values):
            "A dose–response needs numbers, but `\(parameter)` is swept over \(Self.list(values)). Omit --over to "
                + "compare these settings."
        case .unknownMetric(let name):
            "Unknown metric `\(name)`; use r2, ccc, rmse, pearson, mae or mse."
        case .emptySweep(let sweep): "No cell of the sweep \(sweep) has finished. Run the sweep first."
        }
    }

    /// Whether a stage, set or arm was named that does not exist, so that nothing can be shown.
    public var isOfNames: Bool {
        switch self {
        case .unknownStage, .unknownSet, .unknownArm: true
        default: false
        }
    }

    /// A suggestion. The name of a model suggests the stage that scores it.
    private static func hint(_ name: String, _ available: [String]) -> String {
        let near = Suggestion.nearest(to: name, among: available) ?? available.first { $0.hasPrefix(name) }
        return near.map { " Did you mean `\($0)`?" } ?? ""
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(12).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 12 ? "…" : "")
    }
}
