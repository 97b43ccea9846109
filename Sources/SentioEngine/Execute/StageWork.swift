import SentioKit

/// One stage's work, ready to be done wherever: all it needs is in here. Whoever runs it writes blobs and a record.
struct StageWork: Sendable {
    let node: StageNode
    let parts: KeyParts
    let inputs: Planner.Inputs
    let reason: RunReason
    let isForced: Bool
    let pipeline: String
    let directory: String
    let run: String
    let runSeed: Int
    let replicate: Int
    let threads: Int
    let waiting: Waiting

    /// Items of these songs are worked on again, whatever their records say: marked songs, where a mark is why the
    /// stage runs.
    func remade(_ taints: TaintList) -> Set<ContentHash> {
        let isTainted = reason.causes.contains { if case .tainted = $0 { true } else { false } }
        return isTainted ? taints.songs : []
    }

    var key: StageKey { Hashing.stageKey(parts) }

    /// Under which checkpoints lie: the stage's key, without what only makes it go on longer. No stage has such a key
    /// itself, for every parameter of a kind is in those.
    var checkpointKey: StageKey {
        var parts = parts
        for name in node.stage.continuesOver { parts.configuration[name] = nil }
        return Hashing.stageKey(parts)
    }
}

/// How a stage's work ended.
enum StageWorkResult: Sendable {
    case finished(StageRecord, items: ItemCounts?, shared: Bool)
    /// An input's blob is missing or damaged: whoever made it must make it again.
    case lostInput(ContentHash, sentence: String)
    case failed(sentence: String, items: ItemCounts?, isLeakage: Bool, isLock: Bool)
    case cancelled
}

/// Does the work of stages, several at a time. The seam for worker processes and clusters; `LocalStageRunner` works in
/// this process.
protocol StageRunner: Sendable {
    /// Starts work and returns at once.
    func start(_ work: StageWork)

    /// Blocks until work that was started ends, in whatever order.
    func next() -> (StageWork, StageWorkResult)
}
