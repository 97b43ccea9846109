import SentioKit

/// Binds stage specs to their kinds: decodes parameters, resolves and type-checks inputs, finds the files that stages
/// pass on.
struct Binder {
    let spec: PipelineSpec
    let file: PipelineFile
    let path: String
    let registry: StageRegistry
    private let names: Set<String>
    private(set) var problems: [Diagnostic] = []
    /// The stages that each stage's inputs name, whether or not these could be bound.
    private(set) var edges: [String: [String]] = [:]
    /// Faults of group members that were reported: all copies of a member share them.
    private var faults: Set<String> = []
    private var inputFaults: Set<String> = []
    /// Paths of groups and stages that could not be decoded.
    private let brokenPaths: Set<String>
    private var boundRows: [String: Bound] = [:]

    private struct Bound {
        let instance: any StageKind
        let configuration: Configuration
        let origins: [String: String]
    }

    init(spec: PipelineSpec, file: PipelineFile, path: String, registry: StageRegistry) {
        self.spec = spec
        self.file = file
        self.path = path
        self.registry = registry
        names = Set(spec.stages.map(\.name))
        brokenPaths = Set(spec.brokenGroups.map { StageName($0).path })
    }

    mutating func bind() -> [StageNode] {
        var nodes: [StageNode] = []
        for stage in spec.stages where !faults.contains(stage.fault) {
            if let node = node(stage) { nodes.append(node) } else { faults.insert(stage.fault) }
        }
        let byName = Dictionary(nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let files = WorkspaceFiles(nodes)
        var place: [String: Int] = [:]
        for index in nodes.indices where place[nodes[index].name] == nil { place[nodes[index].name] = index }
        // Check the inputs of a stage even if its parameters are wrong, so that all its faults are reported together.
        for stage in spec.stages where !inputFaults.contains(stage.fault) {
            let known = problems.count, inputs = inputs(stage, byName)
            if problems.count > known { inputFaults.insert(stage.fault) }
            guard let index = place[stage.name] else { continue }
            nodes[index].inputs = inputs
            nodes[index].fileProducers = files.producers(for: nodes[index])
        }
        return nodes
    }

    private mutating func node(_ stage: StageSpec) -> StageNode? {
        guard let uses = stage.uses else {
            if !stage.broken.contains("uses") {
                // A profile that misspells the name of a stage adds a stage without a kind.
                let others = spec.stages.lazy.filter { $0.uses != nil && $0.group == nil }.map(\.name)
                let hint =
                    problems.suggestion(for: stage.name, among: others).map { " Did you mean the stage `\($0)`?" } ?? ""
                report("The stage `\(stage.name)` has no kind; add `uses: KIND`.\(hint)", stage.origin)
            }
            return nil
        }
        guard let kind = uses.string, let type = registry[kind] else {
            report(registry.unknownKind(uses.value.text, problems), uses.origin)
            return nil
        }
        guard let bound = bound(stage, kind, type) else { return nil }
        return StageNode(
            name: stage.name, kind: kind, version: type.version, stage: bound.instance,
            configuration: bound.configuration, inputs: [],
            fileProducers: [], onError: stage.onError,
            cores: stage.cores.map(Resources.Cores.exactly) ?? bound.instance.resources.cores,
            description: stage.description, parameterOrigins: bound.origins, location: stage.origin.location,
            group: stage.group.map {
                StageNode.Group(name: $0.group, label: $0.label, row: $0.row, isMember: $0.isMember)
            })
    }

    /// The kind with its parameters, decoded once for all copies of a group's member.
    private mutating func bound(_ stage: StageSpec, _ kind: String, _ type: any StageKind.Type) -> Bound? {
        let row = stage.group.flatMap { $0.isMember ? $0.row : nil }
        if let row, let bound = boundRows[row] { return bound }
        let (given, origins) = stage.given(for: type.parameters)
        do throws(ConfigurationErrors) {
            let configuration = try Configuration(type.parameters, given: given)
            let bound = Bound(instance: try type.init(configuration), configuration: configuration, origins: origins)
            if let row { boundRows[row] = bound }
            return bound
        } catch {
            for (sentence, origin) in stage.faults(error, kind: kind) { report(sentence, origin) }
            return nil
        }
    }

    // MARK: Inputs

    private mutating func inputs(_ spec: StageSpec, _ byName: [String: StageNode]) -> [StageNode.Input] {
        guard let kind = spec.uses?.string, let type = registry[kind] else {
            // Without a kind its ports are unknown, but its edges are needed to find cycles.
            for input in spec.inputs { _ = producer(of: input, spec) }
            return []
        }
        var bound: [StageNode.Input] = [], meant: Set<String> = []
        for input in spec.inputs {
            let reference = producer(of: input, spec)
            var port = type.inputs.first { $0.name == input.port }
            if port == nil, type.notation.takesFurtherInputs, !type.notation.furtherTypes.isEmpty {
                port = InputPort(input.port, anyOf: type.notation.furtherTypes)
            }
            if port == nil, !type.notation.takesFurtherInputs {
                let known = type.inputs.map(\.name)
                let suggestion = problems.suggestion(for: input.port, among: known)
                suggestion.map { _ = meant.insert($0) }
                let hint = suggestion.map { " Did you mean `\($0)`?" } ?? ""
                report(spec.unknownInput(input.port, of: kind, known: known, hint: hint), input.portOrigin)
                continue
            }
            if let resolved = resolve(input, reference, for: port, stage: spec, byName) { bound.append(resolved) }
        }
        for port in type.inputs
        where port.isRequired && !spec.inputs.contains(where: { $0.port == port.name }) && !spec.isBroken(port)
            && !meant.contains(port.name)
        {
            report(spec.unconnected(port, of: kind), spec.origin)
        }
        return bound
    }

    /// The stage that a reference names, recorded as an edge; nil if there is no such stage.
    private mutating func producer(of input: StageSpec.Input, _ spec: StageSpec) -> (stage: String, output: String?)? {
        let found = lookUp(input, spec) { names.contains($0) }
        if let found, names.contains(found.stage) { edges[spec.name, default: []].append(found.stage) }
        return found
    }

    private mutating func resolve(
        _ input: StageSpec.Input, _ reference: (stage: String, output: String?)?, for port: InputPort?,
        stage spec: StageSpec,
        _ byName: [String: StageNode]
    ) -> StageNode.Input? {
        let stage = spec.label
        guard let (name, outputName) = reference, names.contains(name) else {
            if let (name, _) = lookUp(input, spec, isStage: { names.contains($0) || isBroken($0) }), isBroken(name) {
                return nil
            }
            report(
                "Stage `\(stage)`: `in.\(input.port)` refers to `\(input.reference)`, but there is no such "
                    + "stage.\(hint(input.reference))",
                input.origin)
            return nil
        }
        // A stage that could not be bound has been reported already.
        guard let producer = byName[name] else { return nil }
        func accepted(_ output: OutputPort) -> Bool { port.map { $0.types.contains(output.type) } ?? true }
        if let outputName {
            guard let output = producer.outputs.first(where: { $0.name == outputName }) else {
                if input.target == nil, isBroken(input.reference) { return nil }
                let known = producer.outputs.map(\.name)
                let inGroup = input.reference.contains(".") ? groupHint(input.reference) : nil
                let hint =
                    inGroup ?? problems.suggestion(for: outputName, among: known).map {
                        " Did you mean `\(producer.name).\($0)`?"
                    } ?? ""
                report(
                    "Stage `\(stage)`: \(producer.name) (\(producer.kind)) has no output `\(outputName)`; its outputs "
                        + "are \(known.joined(separator: ", ")).\(hint)",
                    input.origin)
                return nil
            }
            guard accepted(output) else {
                report(
                    "Stage `\(stage)`: the input `\(input.port)` takes \(Self.names(port?.types ?? [])), but "
                        + "\(input.reference) has type \(output.type).",
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
                    ? "Stage `\(stage)`: the input `\(input.port)` takes \(Self.names(port?.types ?? [])), but "
                        + "\(producer.name) has only \(all)."
                    : "Stage `\(stage)`: several outputs of \(producer.name) fit the input `\(input.port)`; write "
                        + "one of \(all).",
                input.origin)
            return nil
        }
        return StageNode.Input(port: input.port, producer: producer.name, output: fitting[0])
    }

    /// The stage that a reference names: what a group has resolved, else a stage in the same group, else one at the top
    /// level of the file.
    private func lookUp(
        _ input: StageSpec.Input, _ spec: StageSpec, isStage: (String) -> Bool
    ) -> (stage: String, output: String?)? {
        if let target = input.target { return (target.stage, target.output) }
        guard let scope = spec.group?.scope else { return split(input.reference, isStage: isStage) }
        return scope.resolve(input.reference, isStage: isStage) { split($0, isStage: isStage) }
    }

    /// Whether a name is that of a group with a reported fault, or of a stage that such a group would have made.
    private func isBroken(_ name: String) -> Bool {
        guard !brokenPaths.isEmpty else { return false }
        var path = StageName(name).path[...]
        while !brokenPaths.contains(String(path)) {
            guard let dot = path.lastIndex(of: ".") else { return false }
            path = path[..<dot]
        }
        return true
    }

    /// What a reference to a missing stage may have meant.
    private func hint(_ reference: String) -> String {
        // Comparing 50,000 wrong references with all stages would take minutes.
        guard problems.count < 20 else { return "" }
        if let hint = groupHint(reference) { return hint }
        let top = spec.stages.filter { $0.group == nil || $0.group?.label == $0.name }.map(\.name)
        return problems.suggestion(for: String(reference.prefix { $0 != "." }), among: top).map {
            " Did you mean `\($0)`?"
        } ?? ""
    }

    /// The same for `group.something`; nil if there is no such group.
    private func groupHint(_ reference: String) -> String? {
        let parts = reference.split(separator: ".", maxSplits: 2).map(String.init)
        guard parts.count > 1, let group = spec.groups.first(where: { $0.name == parts[0] }) else { return nil }
        let own = "\(parts[0]).\(parts[1])"
        let collected = spec.stages.filter {
            $0.group?.group == group.name && $0.group?.isMember == false && $0.group?.row == nil
        }.map(
            \.name)
        if !collected.contains(own),
            let copy = spec.stages.first(where: { $0.group?.label == own && $0.group?.isMember == true })
        {
            return
                " `\(parts[1])` is a member of the group `\(group.name)`, which does not collect its outputs. From "
                + "outside, use \(collected.joined(separator: ", ")), or one copy, `\(copy.name)`."
        }
        return problems.suggestion(for: own, among: collected).map { " Did you mean `\($0)`?" }
            ?? " The group `\(group.name)` provides \(collected.joined(separator: ", "))."
    }

    /// Splits `stage` or `stage.output`. Both may contain dots: the longest stage name wins.
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

    private mutating func report(_ sentence: String, _ origin: SpecOrigin) {
        problems.append(file.diagnostic(sentence, at: origin))
    }
}

/// Which stage writes which file in the user's folder: this connects the `outs` of commands to `deps`.
struct WorkspaceFiles {
    private var producers: [String: String] = [:]
    /// In byte order, so that everything below a folder is contiguous.
    private let paths: [String]

    init(_ nodes: [StageNode]) {
        for node in nodes {
            for output in node.outputs {
                if let path = output.workspacePath { producers[Paths.normalized(path)] = node.name }
            }
        }
        paths = producers.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Stages with an output that equals, contains or lies inside a source of the given stage.
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
            if source.form != .file {
                for path in below(path + "/") { if let producer = producers[path] { found.insert(producer) } }
            }
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
