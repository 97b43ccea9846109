import SentioKit
import SentioSpec

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

/// Does stage work. The seam for worker processes and clusters; `LocalStageRunner` does it in this process.
protocol StageRunner: Sendable {
    func run(_ work: StageWork) async -> StageWorkResult
}
