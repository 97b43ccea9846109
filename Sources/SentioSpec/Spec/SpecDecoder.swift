import SentioKit

/// Decodes a merged tree into a `PipelineSpec` and collects every fault.
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
        let name =
            String(path.split(separator: "/").last ?? "pipeline").split(separator: ".").first.map(String.init)
            ?? "pipeline"
        var spec = PipelineSpec(name: name, root: root)
        guard let map = root.map else { return spec }
        for key in map.keys where !PipelineFields.all.contains(key) {
            unknown(key, among: PipelineFields.all, what: "key", in: map)
        }
        if let node = map["pipeline"] { spec.name = text(node, "pipeline") ?? spec.name }
        if let node = map["description"] { spec.description = text(node, "description") }
        if let node = map["params"], node.map == nil, !node.isNull {
            report("`params` must map names to values: `params: { epochs: 5 }`.", node.origin)
        }
        let params = map["params"]?.map ?? SpecMap()
        let interpolation = Interpolation(params, report: file.diagnostic)
        spec.params = interpolation.resolved(params, problems: &problems)
        if let node = map["seed"] {
            let seed = interpolation.apply(node, problems: &problems)
            if let number = seed.value.int {
                spec.seed = number
            } else if !seed.isBroken {
                report("`seed` must be a whole number of at most 64 bits.", seed.origin)
            }
        }
        if let node = map["expect"] {
            var nodes = [node]
            if case .list(let listed) = node.content { nodes = listed }
            spec.expectations = nodes.map { interpolation.apply($0, problems: &problems) }.filter { !$0.isBroken }
        }
        if let node = map["headline"], !node.isNull { spec.headline = interpolation.apply(node, problems: &problems) }
        if let node = map["sweep"], !node.isNull {
            let block = interpolation.apply(node, problems: &problems)
            if !block.isBroken {
                var decoder = SweepDecoder(file: file, root: root)
                spec.sweep = decoder.decode(block)
                problems += decoder.problems
            }
        }
        guard let stagesNode = map["stages"], let stages = stagesNode.map, !stages.keys.isEmpty else {
            report(
                "A pipeline needs `stages:`, which maps names to stages: `stages: { NAME: { uses: KIND } }`.",
                map["stages"]?.origin ?? root.origin)
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
            ? "The pipeline has more than \(Self.maximumStages) stages."
            : "With the group `\(template.spec.name)` the pipeline has more than \(Self.maximumStages) stages; reduce "
                + "its folds or repeats, or those of the groups in it."
    }

    // MARK: Stages

    /// Decodes a stage or group: one template, or one for each cell of its `matrix:`.
    /// - Parameters:
    ///   - outer: cells of the matrices of enclosing groups.
    ///   - depth: number of enclosing groups.
    mutating func stage(
        _ name: String, _ entry: SpecMap.Entry, _ interpolation: Interpolation, outer: [String: SpecNode] = [:],
        depth: Int = 0
    ) -> [StageTemplate] {
        let broken = [StageTemplate(spec: StageSpec(name: name, origin: entry.keyOrigin), isBroken: true)]
        guard let map = entry.node.map else {
            if !entry.node.isBroken {
                report("The stage `\(name)` must be a mapping: `\(name): { uses: KIND }`.", entry.node.origin)
            }
            return broken
        }
        guard let matrixNode = map["matrix"] else {
            return [template(name, entry, map, interpolation, cell: outer, depth: depth)]
        }
        guard let matrix = matrixNode.map, !matrix.keys.isEmpty else {
            if !matrixNode.isBroken {
                report("`matrix` must map names to lists of values: `{ dim: [64, 96] }`.", matrixNode.origin)
            }
            return broken
        }
        if let (secret, origin) = MatrixCell.secret(in: matrix) {
            report(
                "`matrix` would put `\(secret)` into stage names, which appear in folders, logs and the run store. "
                    + "Declare one value under `params:` instead and pass it with `--set \(secret)=…`.",
                origin)
            return broken
        }
        var cells: [[(String, SpecNode)]] = [[]]
        for key in matrix.keys {
            guard let node = matrix[key] else { continue }
            let resolved = interpolation.apply(node, cell: outer, problems: &problems)
            guard case .list(let values) = resolved.content, !values.isEmpty else {
                if !resolved.isBroken { report("`matrix.\(key)` must be a list of values.", resolved.origin) }
                return broken
            }
            guard values.count <= Self.maximumCells / cells.count else {
                report("The matrix of `\(name)` has more than 10,000 cells.", matrixNode.origin)
                return broken
            }
            cells = cells.flatMap { cell in values.map { cell + [(key, $0)] } }
        }
        return cells.map { cell in
            let suffix = MatrixCell.name(cell)
            let extra = Dictionary(
                cell.flatMap { [("matrix.\($0.0)", $0.1), ("item.\($0.0)", $0.1)] },
                uniquingKeysWith: { _, last in last })
            let all = outer.merging(extra) { _, own in own }
            return template("\(name)@\(suffix)", entry, map, interpolation, cell: all, depth: depth)
        }
    }

    mutating func decode(
        _ name: String, _ entry: SpecMap.Entry, _ map: SpecMap, _ interpolation: Interpolation, cell: [String: SpecNode]
    ) -> StageSpec {
        var stage = StageSpec(name: name, origin: entry.keyOrigin)
        func resolved(_ key: String, _ broken: inout Set<String>, _ problems: inout [Diagnostic]) -> SpecNode? {
            guard let node = map[key].map({ interpolation.apply($0, cell: cell, problems: &problems) }) else {
                return nil
            }
            if node.isBroken { broken.insert(key) }
            return node.isBroken ? nil : node
        }
        /// The entries of a mapping; nil if it is absent or not a mapping, which is then reported.
        func entries(_ key: String, _ sentence: String, _ decoder: inout SpecDecoder, _ broken: inout Set<String>)
            -> SpecMap?
        {
            guard let node = map[key] else { return nil }
            if let own = node.map {
                let found = interpolation.entries(own, cell: cell, problems: &decoder.problems)
                broken.formUnion(found.broken.map { "\(key).\($0)" })
                return found.map
            }
            let whole = interpolation.apply(node, cell: cell, problems: &decoder.problems)
            if whole.isNull, !whole.isBroken { return nil }
            if whole.map == nil {
                if !whole.isBroken { decoder.report(sentence, whole.origin) }
                broken.insert(key)
            }
            return whole.map
        }
        stage.uses = resolved("uses", &stage.broken, &problems)
        if let node = resolved("description", &stage.broken, &problems) {
            stage.description = text(node, "description")
        }
        if let node = resolved("on_error", &stage.broken, &problems) {
            if let policy = node.string.flatMap(ItemFailurePolicy.init) {
                stage.onError = policy
            } else {
                report("`on_error` must be `fail` or `skip`.", node.origin)
            }
        }
        if let node = resolved("resources", &stage.broken, &problems) { stage.cores = cores(node) }
        if let map = entries("in", "`in` must map inputs to stages: `in: { waveforms: waves }`.", &self, &stage.broken)
        {
            stage.inputs = inputs(map, &stage.broken)
        }
        let stageType = stage.uses?.string.flatMap { registry[$0] }, isGroup = isGroup(stage.uses)
        let atStage = stageType?.notation.parametersAtStage ?? false
        if let map = entries(
            "with", "`with` must map parameters to values: `with: { PARAMETER: VALUE }`.", &self, &stage.broken)
        {
            stage.parameters = map
        }
        for key in map.keys where !(isGroup ? StageFields.group : StageFields.common).contains(key) {
            if isGroup {
                unknownInGroup(key, in: map, stage)
            } else if key == "stages", stage.uses?.string != nil {
                report(
                    "Only a group (\(registry.groupKinds.joined(separator: ", "))) can have `stages`; "
                        + "\(stage.uses?.value.text ?? "") is a single stage.",
                    map.entries[key]?.keyOrigin ?? entry.keyOrigin)
            } else if atStage, let entry = map.entries[key] {
                let isNames = stageType?.parameters.contains { $0.name == key && $0.namesParams } ?? false
                let node = interpolation.apply(
                    isNames ? Self.references(entry.node) : entry.node, cell: cell, problems: &problems)
                if node.isBroken {
                    stage.broken.insert("with.\(key)")
                } else {
                    stage.parameters.set(key, SpecMap.Entry(node: node, keyOrigin: entry.keyOrigin))
                }
            } else if let parameter = stageType?.parameters.first(where: { $0.name == key }) {
                report(
                    "`\(parameter.name)` is a parameter of \(stageType?.kind ?? "the kind"); write it under `with:`.",
                    map.entries[key]?.keyOrigin ?? entry.keyOrigin)
            } else if stageType != nil || stage.uses == nil || !registry.hasStageLevelParameter(key) {
                // A misspelled kind is one mistake. Do not also report each parameter that is written at the stage
                // itself.
                unknown(key, among: StageFields.common, what: "key", in: map)
            }
        }
        return stage
    }

    /// `[lr, model]` as `{lr: "${lr}", model: "${model}"}`.
    private static func references(_ node: SpecNode) -> SpecNode {
        var names = [node], map = SpecMap()
        if case .list(let list) = node.content { names = list }
        for entry in names {
            guard let name = entry.string, !name.contains("}") else { return node }
            map.set(
                name,
                SpecMap.Entry(node: SpecNode(.scalar(.string("${\(name)}")), entry.origin), keyOrigin: entry.origin))
        }
        return SpecNode(.map(map), node.origin)
    }

    private mutating func inputs(_ map: SpecMap, _ broken: inout Set<String>) -> [StageSpec.Input] {
        map.keys.compactMap { port in
            guard let entry = map.entries[port] else { return nil }
            guard let reference = entry.node.string, !reference.isEmpty else {
                report("`in.\(port)` must name a stage or one of its outputs, `STAGE.OUTPUT`.", entry.node.origin)
                broken.insert("in.\(port)")
                return nil
            }
            return StageSpec.Input(
                port: port, reference: reference, origin: entry.node.origin, portOrigin: entry.keyOrigin)
        }
    }

    private mutating func cores(_ node: SpecNode) -> Int? {
        guard let map = node.map else {
            report("`resources` must be a mapping: `resources: { cores: 2 }`.", node.origin)
            return nil
        }
        for key in map.keys where key != "cores" { unknown(key, among: ["cores"], what: "resource", in: map) }
        guard let cores = map["cores"] else { return nil }
        guard let number = cores.value.int, (1...4096).contains(number) else {
            report("`cores` must be a whole number from 1 to 4096.", cores.origin)
            return nil
        }
        return number
    }

    // MARK: Problems

    private mutating func text(_ node: SpecNode, _ key: String) -> String? {
        if case .scalar(let value) = node.content, value != .null { return node.printed }
        report("`\(key)` must be text.", node.origin)
        return nil
    }

    mutating func unknown(_ key: String, among known: [String], what: String, in map: SpecMap) {
        let hint =
            problems.suggestion(for: key, among: known).map { " Did you mean `\($0)`?" }
            ?? " Allowed here: \(known.joined(separator: ", "))."
        report("Unknown \(what) `\(key)`.\(hint)", map.entries[key]?.keyOrigin ?? .builtIn)
    }

    mutating func report(_ sentence: String, _ origin: SpecOrigin) {
        problems.append(file.diagnostic(sentence, at: origin))
    }
}

extension StageRegistry {
    fileprivate func hasStageLevelParameter(_ name: String) -> Bool {
        kinds.contains { kind in
            guard let type = self[kind], type.notation.parametersAtStage else { return false }
            return type.parameters.contains { $0.name == name }
        }
    }
}
