import SentioKit

/// Binds stage specs to their kinds: decodes parameters, resolves and types inputs, finds files that stages pass on.
struct Binder {
    let spec: PipelineSpec
    let file: PipelineFile
    let path: String
    let registry: StageRegistry
    private let names: Set<String>
    private(set) var problems: [Diagnostic] = []

    init(spec: PipelineSpec, file: PipelineFile, path: String, registry: StageRegistry) {
        self.spec = spec
        self.file = file
        self.path = path
        self.registry = registry
        names = Set(spec.stages.map(\.name))
    }

    mutating func bind() -> [StageNode] {
        var nodes: [StageNode] = []
        for stage in spec.stages { if let node = node(stage) { nodes.append(node) } }
        let byName = Dictionary(nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let specs = Dictionary(spec.stages.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let files = WorkspaceFiles(nodes)
        for index in nodes.indices {
            guard let spec = specs[nodes[index].name] else { continue }
            nodes[index].inputs = inputs(spec, nodes[index], byName)
            nodes[index].fileProducers = files.producers(for: nodes[index])
        }
        return nodes
    }

    private mutating func node(_ stage: StageSpec) -> StageNode? {
        guard let uses = stage.uses else {
            report("The stage `\(stage.name)` needs `uses:`, the name of a kind.", stage.origin)
            return nil
        }
        guard let kind = uses.string, let type = registry[kind] else {
            let name = uses.value.text
            let hint =
                problems.suggestion(for: name, among: registry.kinds).map { "Did you mean `\($0)`?" }
                ?? "`sentio-pipeline stages` lists the kinds."
            report("Unknown kind `\(name)`. \(hint)", uses.origin)
            return nil
        }
        var given: [String: Value] = [:], origins: [String: String] = [:]
        for key in stage.parameters.keys {
            guard let node = stage.parameters[key] else { continue }
            given[key] = value(node, type.parameters.first { $0.name == key }?.path)
            origins[key] = node.origin.text
        }
        do throws(ConfigurationErrors) {
            let configuration = try Configuration(type.parameters, given: given)
            let instance = try type.init(configuration)
            return StageNode(
                name: stage.name, kind: kind, version: type.version, stage: instance, configuration: configuration, inputs: [],
                fileProducers: [], onError: stage.onError, cores: stage.cores.map(Resources.Cores.exactly) ?? instance.resources.cores,
                description: stage.description, parameterOrigins: origins, location: stage.origin.location)
        } catch {
            for problem in error.problems {
                let entry = stage.parameters.entries[problem.parameter]
                var origin = entry?.node.origin ?? stage.origin
                if case .unknown = problem, let key = entry?.keyOrigin { origin = key }
                report("Stage `\(stage.name)` (\(kind)): \(problem.sentence)", origin)
            }
            return nil
        }
    }

    /// A value, where a path is made absolute: relative to the file it stands in, or from `--set` to the current folder.
    private func value(_ node: SpecNode, _ rule: PathRule?) -> Value {
        guard let rule, case .string(let text) = node.value, !text.isEmpty, !rule.reserved.contains(text) else { return node.value }
        let folder = node.origin.location.map { Paths.directory(of: $0.file) } ?? "."
        return .string(Paths.absolute(Paths.resolve(text, relativeTo: folder)))
    }

    // MARK: Inputs

    private mutating func inputs(_ spec: StageSpec, _ node: StageNode, _ byName: [String: StageNode]) -> [StageNode.Input] {
        guard let type = registry[node.kind] else { return [] }
        var bound: [StageNode.Input] = []
        for input in spec.inputs {
            let port = type.inputs.first { $0.name == input.port }
            if port == nil, !type.acceptsAnyInput {
                let known = type.inputs.map(\.name)
                let hint = problems.suggestion(for: input.port, among: known).map { " Did you mean `\($0)`?" } ?? ""
                let takes = known.isEmpty ? "\(node.kind) takes no inputs." : "\(node.kind) takes \(known.joined(separator: ", "))."
                report("Stage `\(spec.name)`: unknown input port `\(input.port)`.\(hint) \(takes)", input.portOrigin)
                continue
            }
            if let resolved = resolve(input, for: port, stage: spec.name, byName) { bound.append(resolved) }
        }
        for port in type.inputs where port.isRequired && !spec.inputs.contains(where: { $0.port == port.name }) {
            report(
                "Stage `\(spec.name)`: the input `\(port.name)` (\(Self.names(port.types))) of \(node.kind) is not connected.", spec.origin)
        }
        return bound
    }

    private mutating func resolve(_ input: StageSpec.Input, for port: InputPort?, stage: String, _ byName: [String: StageNode]) -> StageNode
        .Input?
    {
        guard let (name, outputName) = split(input.reference, isStage: { byName[$0] != nil }), let producer = byName[name] else {
            // A stage whose own binding failed has been reported; do not add a second complaint.
            if split(input.reference, isStage: names.contains) != nil { return nil }
            let hint =
                problems.suggestion(for: String(input.reference.prefix { $0 != "." }), among: spec.stages.map(\.name)).map {
                    " Did you mean `\($0)`?"
                } ?? ""
            report("Stage `\(stage)`: `in.\(input.port)` names `\(input.reference)`, which is no stage.\(hint)", input.origin)
            return nil
        }
        func accepted(_ output: OutputPort) -> Bool { port.map { $0.types.contains(output.type) } ?? true }
        if let outputName {
            guard let output = producer.outputs.first(where: { $0.name == outputName }) else {
                let known = producer.outputs.map(\.name)
                let hint = problems.suggestion(for: outputName, among: known).map { " Did you mean `\(producer.name).\($0)`?" } ?? ""
                report(
                    "Stage `\(stage)`: \(producer.name) (\(producer.kind)) has no output `\(outputName)`; it has \(known.joined(separator: ", ")).\(hint)",
                    input.origin)
                return nil
            }
            guard accepted(output) else {
                report(
                    "Stage `\(stage)`: `\(input.port)` takes \(Self.names(port?.types ?? [])), but \(input.reference) is \(output.type).",
                    input.origin)
                return nil
            }
            return StageNode.Input(port: input.port, producer: producer.name, output: output)
        }
        let fitting = producer.outputs.filter(accepted)
        guard fitting.count == 1 else {
            let all = producer.outputs.map { "\(producer.name).\($0.name) (\($0.type))" }.joined(separator: ", ")
            report(
                fitting.isEmpty
                    ? "Stage `\(stage)`: `\(input.port)` takes \(Self.names(port?.types ?? [])), but \(producer.name) gives \(all)."
                    : "Stage `\(stage)`: several outputs of \(producer.name) fit `\(input.port)`; name one of \(all).",
                input.origin)
            return nil
        }
        return StageNode.Input(port: input.port, producer: producer.name, output: fitting[0])
    }

    /// `stage`, or `stage.output` where either may hold dots: the longest stage name wins.
    private func split(_ reference: String, isStage: (String) -> Bool) -> (stage: String, output: String?)? {
        if isStage(reference) { return (reference, nil) }
        var end = reference.endIndex
        while let dot = reference[..<end].lastIndex(of: ".") {
            let name = String(reference[..<dot])
            if isStage(name) { return (name, String(reference[reference.index(after: dot)...])) }
            end = dot
        }
        return nil
    }

    private static func names(_ types: [ArtifactType]) -> String { types.map(\.name).joined(separator: " or ") }

    private mutating func report(_ sentence: String, _ origin: SpecOrigin) { problems.append(file.diagnostic(sentence, at: origin)) }
}

/// Which stage leaves which file in the user's folder: how `deps` and `outs` of commands connect.
struct WorkspaceFiles {
    private var producers: [String: String] = [:]
    /// In byte order: what lies below a folder stands together.
    private let paths: [String]

    init(_ nodes: [StageNode]) {
        for node in nodes {
            for output in node.outputs { if let path = output.workspacePath { producers[Paths.normalized(path)] = node.name } }
        }
        paths = producers.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Stages with an output that is, holds, or lies in a source of the given one.
    func producers(for node: StageNode) -> [String] {
        guard !producers.isEmpty else { return [] }
        var found: Set<String> = []
        for source in node.stage.sources {
            let path = Paths.normalized(source.path)
            var parent = path
            while true {
                if let producer = producers[parent] { found.insert(producer) }
                guard let slash = parent.lastIndex(of: "/") else { break }
                parent = String(parent[..<slash])
            }
            if source.form != .file { for path in below(path + "/") { if let producer = producers[path] { found.insert(producer) } } }
        }
        found.remove(node.name)
        return found.sorted()
    }

    private func below(_ folder: String) -> ArraySlice<String> {
        var low = 0, high = paths.count
        while low < high {
            let middle = (low + high) / 2
            if paths[middle].utf8.lexicographicallyPrecedes(folder.utf8) { low = middle + 1 } else { high = middle }
        }
        return paths[low...].prefix { $0.utf8.starts(with: folder.utf8) }
    }
}
