import SentioKit
import SentioSpec

extension Pipeline {
    /// A hash of each stage and everything it depends on, computed without reading files or results: stages of two
    /// pipelines with the same signature will have the same key. Only for comparisons within one process; never stored.
    /// - Parameter replicate: the replicate whose random numbers a stage draws, by its name.
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
