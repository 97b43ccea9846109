import SentioKit
import SentioSpec

/// The work of one stage, with everything that is needed to do it anywhere. Whoever does it writes blobs and a record.
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

    /// The songs whose items are processed again even if a record answers for them: tainted songs, if a taint is why
    /// the stage runs.
    func remade(_ taints: TaintList) -> Set<ContentHash> {
        let isTainted = reason.causes.contains { if case .tainted = $0 { true } else { false } }
        return isTainted ? taints.songs : []
    }

    var key: StageKey { Hashing.stageKey(parts) }

    /// The key under which checkpoints are stored: that of the stage, without the parameters that only make it run
    /// longer. It is no stage's own key, since those contain all parameters.
    var checkpointKey: StageKey {
        var parts = parts
        for name in node.stage.continuesOver { parts.configuration[name] = nil }
        return Hashing.stageKey(parts)
    }
}

/// How the work of a stage ended.
enum StageWorkResult: Sendable {
    /// `shared` tells whether another process, or a twin of the stage in this run, made the record.
    case finished(StageRecord, items: ItemCounts?, shared: Bool)
    /// The blob of an input is missing or damaged; its producer has to recreate it.
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
