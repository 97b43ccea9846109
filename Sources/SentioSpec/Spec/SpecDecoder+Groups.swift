import SentioKit

extension SpecDecoder {
    /// Limit on groups nested in groups.
    static let maximumGroupDepth = 8

    func isGroup(_ uses: SpecNode?) -> Bool { uses?.string.flatMap { registry[group: $0] } != nil }

    /// A stage, or a group with its members.
    mutating func template(
        _ name: String, _ entry: SpecMap.Entry, _ map: SpecMap, _ interpolation: Interpolation,
        cell: [String: SpecNode], depth: Int
    ) -> StageTemplate {
        let spec = decode(name, entry, map, interpolation, cell: cell)
        guard let type = spec.uses?.string.flatMap({ registry[group: $0] }) else { return StageTemplate(spec: spec) }
        guard depth < Self.maximumGroupDepth else {
            report("Groups are nested more than \(Self.maximumGroupDepth) levels deep.", entry.keyOrigin)
            return StageTemplate(spec: spec, isBroken: true)
        }
        let known = problems.count
        let members = members(of: name, type, map, interpolation, cell, depth, entry.keyOrigin)
        checkPorts(spec, type)
        guard let group = group(spec, type, members), problems.count == known || !members.isEmpty else {
            return StageTemplate(spec: spec, isBroken: true)
        }
        return StageTemplate(spec: spec, group: group)
    }

    private mutating func group(_ spec: StageSpec, _ type: any StageGroup.Type, _ members: [StageTemplate])
        -> StageTemplate.Group?
    {
        let (values, origins) = spec.given(for: type.parameters)
        let instance: any StageGroup, configuration: Configuration
        do throws(ConfigurationErrors) {
            configuration = try Configuration(type.parameters, given: values)
            instance = try type.init(configuration)
        } catch {
            for (sentence, origin) in spec.faults(error, kind: type.kind) { report(sentence, origin) }
            return nil
        }
        for member in members where member.spec.uses == nil && !member.isBroken && !member.spec.broken.contains("uses")
        {
            report("The stage `\(member.spec.name)` has no kind; add `uses: KIND`.", member.spec.origin)
        }
        guard !members.isEmpty, !members.contains(where: { $0.spec.uses == nil }), hasRequiredInputs(spec, type) else {
            return nil
        }
        do throws(StageFailure) {
            let expansion = try instance.expand(members.map { member($0) })
            return StageTemplate.Group(
                expansion: expansion, members: members, configuration: configuration, parameterOrigins: origins)
        } catch {
            // Report a member of an unknown kind rather than what the group makes of it.
            let unknown = members.compactMap(\.spec.uses).filter { uses in
                registry[uses.string ?? ""] == nil && !isGroup(uses)
            }
            for uses in unknown { report(unknownKind(uses), uses.origin) }
            guard unknown.isEmpty, !members.contains(where: { $0.isBroken || $0.spec.uses == nil }) else { return nil }
            report("Group `\(spec.name)` (\(type.kind)): \(error)", spec.origin)
            return nil
        }
    }

    private func unknownKind(_ uses: SpecNode) -> String { registry.unknownKind(uses.value.text, problems) }

    private func member(_ template: StageTemplate) -> GroupMember {
        let kind = template.spec.uses?.string ?? ""
        return GroupMember(
            name: template.spec.name, kind: kind,
            outputs: registry[kind]?.outputs ?? registry[group: kind]?.outputs ?? [])
    }

    private mutating func members(
        of name: String, _ type: any StageGroup.Type, _ map: SpecMap, _ interpolation: Interpolation,
        _ cell: [String: SpecNode],
        _ depth: Int, _ origin: SpecOrigin
    ) -> [StageTemplate] {
        guard let stages = map["stages"]?.map, !stages.keys.isEmpty else {
            report(
                "The group `\(name)` has no members; add `stages:`, which maps their names to stages.",
                map["stages"]?.origin ?? origin)
            return []
        }
        let taken = type.provided.map(\.name) + type.reserved
        return stages.keys.flatMap { member -> [StageTemplate] in
            guard let entry = stages.entries[member] else { return [] }
            guard StageName.isPlain(member) else {
                report(
                    StageName.refusal(of: member), entry.keyOrigin)
                return []
            }
            guard !taken.contains(member) else {
                report(
                    "A member of \(type.kind) cannot be called `\(member)`: the group uses this name for "
                        + (type.provided.contains { $0.name == member }
                            ? "what it provides to its members" : "a stage of its own") + ". Choose another name.",
                    entry.keyOrigin)
                return []
            }
            return stage(member, entry, interpolation, outer: cell, depth: depth + 1)
        }
    }

    private mutating func checkPorts(_ spec: StageSpec, _ type: any StageGroup.Type) {
        let known = type.inputs.map(\.name)
        for input in spec.inputs where !known.contains(input.port) {
            let hint = problems.suggestion(for: input.port, among: known).map { " Did you mean `\($0)`?" } ?? ""
            report(spec.unknownInput(input.port, of: type.kind, known: known, hint: hint), input.portOrigin)
        }
        for port in type.inputs
        where port.isRequired && !spec.inputs.contains(where: { $0.port == port.name }) && !spec.isBroken(port) {
            report(spec.unconnected(port, of: type.kind), spec.origin)
        }
    }

    private func hasRequiredInputs(_ spec: StageSpec, _ type: any StageGroup.Type) -> Bool {
        type.inputs.allSatisfy { port in !port.isRequired || spec.inputs.contains { $0.port == port.name } }
    }

    /// Reports a key that a group does not have: a parameter outside `with:`, a key of single stages only, or a typo.
    mutating func unknownInGroup(_ key: String, in map: SpecMap, _ stage: StageSpec) {
        let type = stage.uses?.string.flatMap { registry[group: $0] }
        let origin = map.entries[key]?.keyOrigin ?? stage.origin
        if let parameter = type?.parameters.first(where: { $0.name == key }) {
            report(
                "`\(parameter.name)` is a parameter of \(type?.kind ?? "the group"); write it under `with:`.", origin)
        } else if StageFields.common.contains(key) {
            report("A group cannot have `\(key)`; set it for its members.", origin)
        } else {
            unknown(key, among: StageFields.group, what: "key", in: map)
        }
    }
}

extension StageRegistry {
    /// The message for an unknown kind.
    func unknownKind(_ name: String, _ problems: [Diagnostic]) -> String {
        let hint =
            problems.suggestion(for: name, among: allKinds).map { "Did you mean `\($0)`?" }
            ?? "`sentio-pipeline stages` lists the kinds."
        return "Unknown kind `\(name)`. \(hint)"
    }
}
