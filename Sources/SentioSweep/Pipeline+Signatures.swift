import SentioKit
import SentioSpec

extension Pipeline {
    /// What each stage is made of, without looking at a file or a result: stages of two pipelines with one signature
    /// have one key when their turn comes. Only for comparing within one process; it is never stored.
    /// - parameter replicate: which replicate a stage belongs to, by its name.
    func signatures(replicate: (String) -> Int) -> [String: ContentHash] {
        var signatures: [String: ContentHash] = [:]
        for node in graph.nodes {
            var inputs: [String: ContentHash] = [:], sources: [String: ContentHash] = [:]
            for input in node.inputs {
                inputs[input.port] = Hashing.content(
                    (signatures[input.producer]?.hex ?? input.producer) + "." + input.output.name)
            }
            for request in node.stage.sources { sources[request.name] = Hashing.content(request.path) }
            for producer in node.fileProducers { sources["file of " + producer] = signatures[producer] }
            let seed =
                node.stage.drawsRandomNumbers
                ? Hashing.seed(run: seed, stage: node.name, replicate: replicate(node.name)) : nil
            let parts = KeyParts(
                kind: node.kind, version: node.version, configuration: node.configuration.identity, inputs: inputs,
                sources: sources,
                seed: seed)
            signatures[node.name] = Hashing.stageKey(parts).hash
        }
        return signatures
    }
}
