import SentioKit

/// Why runs cannot be compared song by song.
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
    /// It is swept, over other values than numbers.
    case noNumber(parameter: String, values: [String])
    case unknownMetric(String)
    case emptySweep(String)

    public var description: String {
        switch self {
        case .tooFewArms: "A comparison needs at least two arms."
        case .noPredictions(let run):
            "The history holds no predictions of run \(run): it has no `evaluate` or `cross-validate` stage that "
                + "finished."
        case .unknownStage(let stage, let run, let available):
            "Run \(run) has no scored songs of a stage `\(stage)`.\(Self.hint(stage, available)) It has "
                + "\(Self.list(available))."
        case .noCommonStage(let stages):
            "The runs have no scoring stage in common (\(Self.list(stages))). Name one of each: RUN:STAGE."
        case .unknownSet(let set, let stage, let available):
            "`\(stage)` has no scored songs of the set `\(set)`. It has \(Self.list(available))."
        case .tooFewSharedSongs(let stage, let shared):
            "The runs share \(shared) scored song\(shared == 1 ? "" : "s") at `\(stage)`; a paired comparison needs "
                + "at least 2."
        case .differentTruth(let song, let dimension):
            "The runs have different \(dimension) ratings for song \(song): they were not scored against the same "
                + "labels."
        case .noCommonReplicates:
            "The arms have no replicate number in common. Paired seeds need the same replicates in every arm: run the "
                + "sweep again; it runs what is missing."
        case .unknownArm(let arm, let available): "There is no arm `\(arm)`. There are \(Self.list(available))."
        case .noDose(let parameter, let available):
            "`\(parameter)` is not swept in this sweep. Swept: \(Self.list(available))."
        case .noNumber(let parameter, let values):
            "`\(parameter)` is swept, but over \(Self.list(values)); only numbers make a dose–response. Without "
                + "--over its settings are compared."
        case .unknownMetric(let name):
            "`\(name)` is no measure of scored songs; use r2, ccc, rmse, pearson, mae or mse."
        case .emptySweep(let sweep): "No cell of the sweep \(sweep) has finished. Run it first; what is done is kept."
        }
    }

    /// Whether somebody named what is not there, so that nothing of what was asked for can be shown.
    public var isOfNames: Bool {
        switch self {
        case .unknownStage, .unknownSet, .unknownArm: true
        default: false
        }
    }

    /// Who names a model means the stage that scores it.
    private static func hint(_ name: String, _ available: [String]) -> String {
        let near = Suggestion.nearest(to: name, among: available) ?? available.first { $0.hasPrefix(name) }
        return near.map { " Did you mean `\($0)`?" } ?? ""
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(12).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 12 ? "…" : "")
    }
}
