import SentioKit
import SentioLearn

/// The kinds and groups of this binary; set once, before the arguments are parsed.
enum KnownKinds {
    @TaskLocal static var kinds: [any StageKind.Type] = []
    @TaskLocal static var groups: [any StageGroup.Type] = []

    /// Created on use, because building the declarations of all kinds takes longer than listing runs.
    static var registry: StageRegistry {
        StageRegistry(kinds, groups: groups, measures: Metric.allCases.map(\.rawValue))
    }
}
