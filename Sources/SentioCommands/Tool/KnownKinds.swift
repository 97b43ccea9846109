import SentioKit
import SentioLearn

/// The kinds and groups that this binary knows; set once, before the arguments are parsed.
enum KnownKinds {
    @TaskLocal static var kinds: [any StageKind.Type] = []
    @TaskLocal static var groups: [any StageGroup.Type] = []

    /// Made where it is used: the declarations of all kinds take longer than a list of runs.
    static var registry: StageRegistry {
        StageRegistry(kinds, groups: groups, measures: Metric.allCases.map(\.rawValue))
    }
}
