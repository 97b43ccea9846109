import SentioKit

/// Decodes a merged tree into a `PipelineSpec`, collecting every problem.
struct SpecDecoder {
    let file: PipelineFile
    let path: String
    let registry: StageRegistry
    private(set) var problems: [Diagnostic] = []

    static let maximumStages = 100_000
    static let maximumCells = 10_000

    init(file: PipelineFile, path: String, registry: StageRegistry) {
        self.file = file
        self.path = path
        self.registry = registry
    }

    mutating func decode(_ root: SpecNode) -> PipelineSpec {
        let name = String(path.split(separator: "/").last ?? "pipeline").split(separator: ".").first.map(String.init) ?? "pipeline"
        var spec = PipelineSpec(name: name, root: root)
        guard let map = root.map else { return spec }
        for key in map.keys where !PipelineFields.all.contains(key) { unknown(key, among: PipelineFields.all, what: "key", in: map) }
        if let node = map["pipeline"] { spec.name = text(node, "pipeline") ?? spec.name }
        if let node = map["description"] { spec.description = text(node, "description") }
        if let node = map["params"], node.map == nil, !node.isNull { report("`params` is a mapping of names to values.", node.origin) }
        let params = map["params"]?.map ?? SpecMap()
        let interpolation = Interpolation(params, report: file.diagnostic)
        spec.params = interpolation.resolved(params, problems: &problems)
        if let node = map["seed"] {
            let seed = interpolation.apply(node, problems: &problems)
            if let number = seed.value.int { spec.seed = number } else { report("`seed` is a whole number.", seed.origin) }
        }
        if let node = map["expect"] {
            let expect = interpolation.apply(node, problems: &problems)
            if case .list(let nodes) = expect.content { spec.expectations = nodes } else { spec.expectations = [expect] }
        }
        if let node = map["sweep"], !node.isNull {
            var decoder = SweepDecoder(file: file, root: root)
            spec.sweep = decoder.decode(interpolation.apply(node, problems: &problems))
            problems += decoder.problems
        }
        guard let stagesNode = map["stages"], let stages = stagesNode.map, !stages.keys.isEmpty else {
            report("A pipeline needs `stages:`, a mapping of stage names to stages.", map["stages"]?.origin ?? root.origin)
            return spec
        }
        var expander = GroupExpander()
        for name in stages.keys {
            guard let entry = stages.entries[name] else { continue }
            for template in stage(name, entry, interpolation) {
                guard expander.stages.count + template.count(limit: Self.maximumStages) <= Self.maximumStages else {
                    report(tooMany(template), entry.keyOrigin)
                    spec.brokenGroups.insert(template.spec.name)
                    return expanded(spec, expander)
                }
                expander.add(template)
            }
        }
        return expanded(spec, expander)
    }

    private func expanded(_ spec: PipelineSpec, _ expander: GroupExpander) -> PipelineSpec {
        var spec = spec
        spec.stages = expander.stages
        spec.groups = expander.groups
        spec.brokenGroups.formUnion(expander.brokenGroups)
        return spec
    }

    private func tooMany(_ template: StageTemplate) -> String {
        template.group == nil
            ? "More than \(Self.maximumStages) stages."
            : "With the group `\(template.spec.name)` there are more than \(Self.maximumStages) stages; lower its folds or repeats, or those of the groups in it."
    }

    // MARK: Stages

    /// - parameter outer: cells of the matrix of a group around it.
    /// - parameter depth: how many groups stand around it.
    mutating func stage(
        _ name: String, _ entry: SpecMap.Entry, _ interpolation: Interpolation, outer: [String: SpecNode] = [:], depth: Int = 0
    ) -> [StageTemplate] {
        guard let map = entry.node.map else {
            report("The stage `\(name)` is a mapping with `uses:`.", entry.node.origin)
            return []
        }
        guard let matrixNode = map["matrix"] else { return [template(name, entry, map, interpolation, cell: outer, depth: depth)] }
        guard let matrix = matrixNode.map, !matrix.keys.isEmpty else {
            report("`matrix` maps names to lists of values.", matrixNode.origin)
            return []
        }
        var cells: [[(String, SpecNode)]] = [[]]
        for key in matrix.keys {
            guard let node = matrix[key] else { continue }
            let resolved = interpolation.apply(node, cell: outer, problems: &problems)
            guard case .list(let values) = resolved.content, !values.isEmpty else {
                report("`matrix.\(key)` is a list of values.", resolved.origin)
                return []
            }
            guard values.count <= Self.maximumCells / cells.count else {
                report("The matrix of `\(name)` has more than 10,000 cells.", matrixNode.origin)
                return []
            }
            cells = cells.flatMap { cell in values.map { cell + [(key, $0)] } }
        }
        return cells.map { cell in
            let suffix = cell.map { "\($0.0)=\($0.1.value.text)" }.joined(separator: ",")
            let extra = Dictionary(
                cell.flatMap { [("matrix.\($0.0)", $0.1), ("item.\($0.0)", $0.1)] }, uniquingKeysWith: { _, last in last })
            let all = outer.merging(extra) { _, own in own }
            return template("\(name)@\(suffix)", entry, map, interpolation, cell: all, depth: depth)
        }
    }

    mutating func decode(
        _ name: String, _ entry: SpecMap.Entry, _ map: SpecMap, _ interpolation: Interpolation, cell: [String: SpecNode]
    ) -> StageSpec {
        var stage = StageSpec(name: name, origin: entry.keyOrigin)
        func resolved(_ key: String, _ problems: inout [Diagnostic]) -> SpecNode? {
            map[key].map { interpolation.apply($0, cell: cell, problems: &problems) }
        }
        stage.uses = resolved("uses", &problems)
        if let node = resolved("description", &problems) { stage.description = text(node, "description") }
        if let node = resolved("on_error", &problems) {
            if let policy = node.string.flatMap(ItemFailurePolicy.init) {
                stage.onError = policy
            } else {
                report("`on_error` is `fail` or `skip`.", node.origin)
            }
        }
        if let node = resolved("resources", &problems) { stage.cores = cores(node) }
        if let node = resolved("in", &problems) { stage.inputs = inputs(node, name) }
        let stageType = stage.uses?.string.flatMap { registry[$0] }, isGroup = isGroup(stage.uses)
        let atStage = stageType?.hasParametersAtStageLevel ?? false
        if let node = resolved("with", &problems) {
            if let with = node.map {
                stage.parameters = with
            } else if !node.isNull {
                report("`with` maps parameters to values.", node.origin)
            }
        }
        for key in map.keys where !(isGroup ? StageFields.group : StageFields.common).contains(key) {
            if isGroup {
                unknownInGroup(key, in: map, stage)
            } else if key == "stages", stage.uses?.string != nil {
                report(
                    "`stages` belongs to a group (\(registry.groupKinds.joined(separator: ", "))); \(stage.uses?.value.text ?? "") is a single stage.",
                    map.entries[key]?.keyOrigin ?? entry.keyOrigin)
            } else if atStage, let entry = map.entries[key] {
                stage.parameters.set(
                    key, SpecMap.Entry(node: interpolation.apply(entry.node, cell: cell, problems: &problems), keyOrigin: entry.keyOrigin))
            } else if let parameter = stageType?.parameters.first(where: { $0.name == key }) {
                report(
                    "`\(parameter.name)` is a parameter of \(stageType?.kind ?? "the kind"); it stands under `with:`.",
                    map.entries[key]?.keyOrigin ?? entry.keyOrigin)
            } else if stageType != nil || stage.uses == nil || !registry.hasStageLevelParameter(key) {
                // A mistyped kind is one mistake, not also one for each parameter that stands at the stage itself.
                unknown(key, among: StageFields.common, what: "key", in: map)
            }
        }
        return stage
    }

    private mutating func inputs(_ node: SpecNode, _ stage: String) -> [StageSpec.Input] {
        guard let map = node.map else {
            if !node.isNull { report("`in` maps input ports to stages: `in: { waveforms: waves }`.", node.origin) }
            return []
        }
        return map.keys.compactMap { port in
            guard let entry = map.entries[port] else { return nil }
            guard let reference = entry.node.string, !reference.isEmpty else {
                report("`in.\(port)` names a stage, or `stage.output`.", entry.node.origin)
                return nil
            }
            return StageSpec.Input(port: port, reference: reference, origin: entry.node.origin, portOrigin: entry.keyOrigin)
        }
    }

    private mutating func cores(_ node: SpecNode) -> Int? {
        guard let map = node.map else {
            report("`resources` is a mapping: `resources: { cores: 2 }`.", node.origin)
            return nil
        }
        for key in map.keys where key != "cores" { unknown(key, among: ["cores"], what: "resource", in: map) }
        guard let cores = map["cores"] else { return nil }
        guard let number = cores.value.int, (1...4096).contains(number) else {
            report("`cores` is a whole number from 1 to 4096.", cores.origin)
            return nil
        }
        return number
    }

    // MARK: Problems

    private mutating func text(_ node: SpecNode, _ key: String) -> String? {
        if case .scalar(let value) = node.content, value != .null { return value.text }
        report("`\(key)` is a text.", node.origin)
        return nil
    }

    mutating func unknown(_ key: String, among known: [String], what: String, in map: SpecMap) {
        let hint =
            problems.suggestion(for: key, among: known).map { " Did you mean `\($0)`?" } ?? " Known here: \(known.joined(separator: ", "))."
        report("Unknown \(what) `\(key)`.\(hint)", map.entries[key]?.keyOrigin ?? .builtIn)
    }

    mutating func report(_ sentence: String, _ origin: SpecOrigin) { problems.append(file.diagnostic(sentence, at: origin)) }
}

extension StageRegistry {
    fileprivate func hasStageLevelParameter(_ name: String) -> Bool {
        kinds.contains { kind in
            guard let type = self[kind], type.hasParametersAtStageLevel else { return false }
            return type.parameters.contains { $0.name == name }
        }
    }
}
