import SentioKit
import SentioSpec

/// Which stages run again because a blob of theirs is lost.
struct Healing {
    private var heals: [ContentHash: Int] = [:]
    private var healing: Set<String> = []

    /// Asks a stage to recreate a blob that another one lacks.
    /// - returns: true if it has to run again; false if it is running again already, in which case it is asked once
    ///   more should it have found this blob intact; nil if it recreated the blob before, and it is lost once more.
    mutating func ask(_ producer: String, toRecreate blob: ContentHash) -> Bool? {
        if healing.contains(producer) { return false }
        heals[blob, default: 0] += 1
        guard heals[blob] == 1 else { return nil }
        healing.insert(producer)
        return true
    }

    /// A stage has a result.
    mutating func finish(_ stage: String) { healing.remove(stage) }

    /// The stage that made a blob among the inputs of a stage, not one that only passed it on.
    static func maker(
        of hash: ContentHash, for node: StageNode, known: [String: StageRecord], _ lookup: StageLookup
    ) -> String? {
        for input in node.inputs {
            guard let blob = known[input.producer]?.outputs[input.output.name] else { continue }
            if blob.hash == hash { return input.producer }
            guard let manifest = try? lookup.workspace.manifest(blob),
                manifest.entries.contains(where: { $0.blob.hash == hash })
            else { continue }
            let producer = lookup.pipeline.graph[input.producer]
            return producer.flatMap { maker(of: hash, for: $0, known: known, lookup) } ?? input.producer
        }
        return nil
    }
}
