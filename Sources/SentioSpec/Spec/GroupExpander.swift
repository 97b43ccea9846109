import SentioKit

/// Turns templates into stages: an ordinary stage is kept, a group is replaced by its stages.
struct GroupExpander {
    private(set) var stages: [StageSpec] = []
    private(set) var groups: [PipelineGroup] = []
    private(set) var brokenGroups: Set<String> = []
    private var known: Set<String> = []

    /// Where a template is placed.
    private struct Place {
        /// Name of the enclosing group with the labels of its copies; empty at the top level.
        var name = StageName("")
        /// The same with `*` for each copy.
        var row = StageName("")
        /// The same without labels of copies.
        var label = StageName("")
        var isCopy = false
        var scope: GroupScope?
    }

    mutating func add(_ template: StageTemplate) { add(template, Place()) }

    private mutating func add(_ template: StageTemplate, _ place: Place) {
        let name = place.name.appending(template.spec.name), row = place.row.appending(template.spec.name)
        let label = place.label.appending(template.spec.name)
        if template.isBroken { brokenGroups.insert(name.text) }
        guard let group = template.group else {
            if template.isBroken { return }
            var spec = template.spec
            if place.scope != nil {
                spec.name = name.text
                spec.group = GroupPlace(
                    group: place.label.text, label: label.text, row: place.isCopy ? row.text : nil, isMember: true,
                    scope: place.scope)
            }
            stages.append(spec)
            return
        }
        let inner = Place(name: name, row: row, label: label, isCopy: place.isCopy, scope: place.scope)
        make(template, group, inner)
        let members = Set(group.members.map(\.spec.name))
        for copy in group.expansion.copies {
            var own = inner
            own.name = name.with(cell: copy.label)
            own.row = row.with(cell: Self.starred(copy.label))
            own.isCopy = true
            own.scope = GroupScope(
                group: own.name, members: members,
                provided: Dictionary(
                    uniqueKeysWithValues: copy.provided.map { ($0.name, provided($1, template.spec, inner)) }),
                parent: place.scope)
            for member in group.members { add(member, own) }
        }
        if known.insert(label.text).inserted {
            groups.append(
                PipelineGroup(
                    name: label.text, kind: template.spec.uses?.string ?? "", configuration: group.configuration,
                    parameterOrigins: group.parameterOrigins,
                    inputs: template.spec.inputs.map { ($0.port, $0.reference) },
                    location: template.spec.origin.location))
        }
    }

    /// The stages that a group makes itself.
    private mutating func make(_ template: StageTemplate, _ group: StageTemplate.Group, _ place: Place) {
        let labels = Set(group.expansion.copies.map(\.label))
        for made in group.expansion.made {
            var spec = StageSpec(name: place.name.appending(made.name).text, origin: template.spec.origin)
            let cells = StageName(made.name).cells
            let isCopy = place.isCopy || cells.contains(where: labels.contains)
            let starred =
                made.name.isEmpty || cells.isEmpty
                ? made.name : StageName(made.name).path + "@" + Self.starred(cells[0])
            spec.uses = SpecNode(.scalar(.string(made.kind)), template.spec.uses?.origin ?? template.spec.origin)
            spec.description = made.name.isEmpty ? template.spec.description : nil
            for (name, value) in made.parameters.sorted(by: { $0.key < $1.key }) {
                let entry = template.spec.parameters.entries[name]
                let node = SpecNode(.scalar(value), entry?.node.origin ?? .builtIn)
                spec.parameters.set(name, SpecMap.Entry(node: node, keyOrigin: entry?.keyOrigin ?? .builtIn))
            }
            spec.inputs = made.inputs.compactMap { input(port: $0.port.name, $0.source, template.spec, place) }
            spec.group = GroupPlace(
                group: place.label.text, label: place.label.text, row: isCopy ? place.row.appending(starred).text : nil,
                isMember: false,
                scope: place.scope)
            stages.append(spec)
        }
    }

    /// nil if an optional input of the group is not connected.
    private func input(port: String, _ source: GroupExpansion.Source, _ spec: StageSpec, _ place: Place) -> StageSpec
        .Input?
    {
        switch source {
        case .input(let input):
            guard let own = spec.inputs.first(where: { $0.port == input.name }) else { return nil }
            return StageSpec.Input(port: port, reference: own.reference, origin: own.origin, portOrigin: own.portOrigin)
        case .made(let name, let output):
            return found(port, (place.name.appending(name).text, output.name), spec)
        case .member(let name, let copy, let output):
            return found(port, (place.name.with(cell: copy).appending(name).text, output.name), spec)
        }
    }

    private func found(_ port: String, _ target: (stage: String, output: String), _ spec: StageSpec) -> StageSpec.Input
    {
        let origin = spec.origin
        return StageSpec.Input(
            port: port, reference: "\(target.stage).\(target.output)", origin: origin, portOrigin: origin,
            target: target)
    }

    /// What members see under a provided name. The group's own input is looked up where the group stands.
    private func provided(_ source: GroupExpansion.Source, _ spec: StageSpec, _ place: Place) -> GroupScope.Provided {
        switch source {
        case .input(let input):
            .reference(spec.inputs.first { $0.port == input.name }?.reference ?? input.name)
        case .made(let name, let output): .stage(place.name.appending(name).text, output: output.name)
        case .member(let name, let copy, let output):
            .stage(place.name.with(cell: copy).appending(name).text, output: output.name)
        }
    }

    /// `repeat=1,fold=3` as `repeat=*,fold=*`.
    private static func starred(_ label: String) -> String {
        label.split(separator: ",").map { part in
            part.firstIndex(of: "=").map { part[...$0] + "*" } ?? String(part)
        }.joined(separator: ",")
    }
}
