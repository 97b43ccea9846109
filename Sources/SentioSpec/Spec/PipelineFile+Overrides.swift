import SentioKit

extension PipelineFile {
    /// Applies the `--set` arguments in order and reports those that cannot be applied.
    mutating func apply(sets: [String], to root: inout SpecNode) {
        guard !sets.isEmpty else { return }
        let usage = ParamUsage(root, keys: ParamUsage.all)
        for argument in sets {
            do { try apply(set: argument, to: &root) { usage } } catch {
                problems.append(Diagnostic("--set \(Secrets.masked(argument: argument)): \(error)"))
            }
        }
    }

    /// `name=value`: a param, `seed`, or `stage.parameter`; also by full path (`stages.mels.with.n_mels`); `sizes.0` is
    /// the first value of a list.
    private mutating func apply(set argument: String, to root: inout SpecNode, usage: () -> ParamUsage)
        throws(StageFailure)
    {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw StageFailure("write it as name=value.")
        }
        let name = String(argument[..<equals]), origin = SpecOrigin.commandLine(Secrets.masked(argument: argument))
        let value = try Self.value(String(argument[argument.index(after: equals)...]), origin)
        let path = try Self.locate(name, in: root, usage: usage)
        try Self.checkKeys(of: value, at: path, in: root, usage: usage)
        Self.put(value, at: path[...], in: &root)
        overrides.append(Override(name: name, path: path, origin: origin))
    }

    /// The path in the file of a name on the command line or in a sweep. A key that a mapping lacks is an error, unless
    /// something uses the whole mapping, as `source: "${folders}"` does.
    /// - Throws: `StageFailure` for a name that does not exist, with a suggestion.
    static func locate(_ name: String, in root: SpecNode, usage: () -> ParamUsage) throws(StageFailure) -> [String] {
        let path = try resolve(try parts(of: name), in: root)
        guard path.first == "params", path.count > 1 else { return path }
        var node = root.map?["params"], shown = ""
        for (number, part) in path.dropFirst().enumerated() {
            switch node?.content {
            case .map(let map)? where number == 0 || map[part] != nil: node = map[part]
            case .map? where usage().takes(path.dropFirst()): node = nil
            case .map(let map)?:
                let hint = Suggestion.nearest(to: part, among: map.keys).map { " Did you mean `\(shown).\($0)`?" } ?? ""
                throw StageFailure("`\(shown)` has no key `\(part)`.\(hint) It has \(list(map.keys)).")
            case .list(let nodes)?:
                guard let index = Int(part), nodes.indices.contains(index) else {
                    throw StageFailure(
                        "`\(shown)` is a list of \(nodes.count) values, counted from 0; it has no `\(shown).\(part)`.")
                }
                node = nodes[index]
            case .scalar(.null)?, nil: node = nil
            case .scalar?: throw StageFailure("`\(shown)` is a single value, so it has no key `\(part)`.")
            }
            shown += shown.isEmpty ? part : "." + part
        }
        return path
    }

    /// `a.b[0].c` as `a`, `b`, `0`, `c`.
    private static func parts(of name: String) throws(StageFailure) -> [String] {
        let path = name.split(separator: ".", omittingEmptySubsequences: false).flatMap { part -> [Substring] in
            guard part.last == "]", let open = part.firstIndex(of: "["), open > part.startIndex else { return [part] }
            return [part[..<open]]
                + part[part.index(after: open)...].dropLast().split(separator: "[").map {
                    $0.last == "]" ? $0.dropLast() : $0
                }
        }.map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else { throw StageFailure("the name has an empty part.") }
        return path
    }

    private static func resolve(_ path: [String], in root: SpecNode) throws(StageFailure) -> [String] {
        let params = root.map?["params"]?.map, stages = root.map?["stages"]?.map
        let first = path[0]
        if params?[first] != nil { return ["params"] + path }
        if first == "seed" || first == "headline", path.count == 1 { return path }
        if (first == "params" || first == "stages"), path.count > 1 { return path }
        if path.count > 1, let stage = stages?[first]?.map {
            return ["stages", first] + (try resolve(path.dropFirst(), in: stage, called: first))
        }
        let known = (params?.keys ?? []) + (stages?.keys ?? []).map { $0 + ".…" } + ["seed"]
        let hint =
            Suggestion.nearest(to: first, among: (params?.keys ?? []) + (stages?.keys ?? [])).map {
                " Did you mean `\($0)`?"
            } ?? ""
        throw StageFailure("there is no param or stage `\(first)`.\(hint) The file has \(list(known)).")
    }

    /// The path of what follows a stage's name: a key of the stage, a parameter, or a member of a group and what
    /// follows its name.
    /// - Throws: `StageFailure` for a name similar to that of a member.
    private static func resolve(_ path: ArraySlice<String>, in stage: SpecMap, called name: String) throws(StageFailure)
        -> [String]
    {
        guard let first = path.first else { return [] }
        let members = stage["stages"]?.map
        if path.count > 1, let member = members?[first]?.map {
            return ["stages", first] + (try resolve(path.dropFirst(), in: member, called: "\(name).\(first)"))
        }
        let isStageLevel = StageFields.common.contains(first) || stage[first] != nil
        if path.count > 1, !isStageLevel, stage["with"]?.map?[first] == nil, let members,
            let nearest = Suggestion.nearest(to: first, among: members.keys)
        {
            throw StageFailure("`\(name)` has no stage `\(first)`. Did you mean `\(name).\(nearest)`?")
        }
        return (isStageLevel ? [] : ["with"]) + path
    }

    /// The first thirty names.
    private static func list(_ names: [String]) -> String {
        names.prefix(30).joined(separator: ", ") + (names.count > 30 ? " and \(names.count - 30) more" : "")
    }

    /// A mapping that overrides a mapping may only have keys that exist in it: `--set 'train={lrr: 5}'` is an error.
    private static func checkKeys(
        of value: SpecNode, at path: [String], in root: SpecNode, usage: () -> ParamUsage
    ) throws(StageFailure) {
        guard path.first == "params", let map = value.map else { return }
        var node: SpecNode? = root
        for part in path { node = node?.child(part) }
        guard let old = node?.map, !old.keys.isEmpty else { return }
        for key in map.keys {
            let own = path.dropFirst().joined(separator: ".")
            if old[key] == nil, usage().takes(path.dropFirst() + [key]) { continue }
            guard let entry = map.entries[key], old[key] != nil else {
                let hint = Suggestion.nearest(to: key, among: old.keys).map { " Did you mean `\($0)`?" } ?? ""
                throw StageFailure("`\(own)` has no key `\(key)`.\(hint) It has \(list(old.keys)).")
            }
            try checkKeys(of: entry.node, at: path + [key], in: root, usage: usage)
        }
    }

    /// Merges a value into the node at a path, creating missing mappings on the way.
    /// - Precondition: `locate` has found the path.
    static func put(_ value: SpecNode, at path: ArraySlice<String>, in node: inout SpecNode) {
        guard let key = path.first else { return node = node.merged(with: value) }
        let rest = path.dropFirst()
        if let index = Int(key), case .list(let values) = node.content, values.indices.contains(index) {
            var nodes = values
            put(value, at: rest, in: &nodes[index])
            node.content = .list(nodes)
        } else if var map = node.takeMap() {
            if map.entries[key] == nil {
                map.set(key, SpecMap.Entry(node: nest(value, in: Array(rest)), keyOrigin: value.origin))
            } else if rest.isEmpty, value.isNull, map[key]?.map != nil {
                map.remove(key)
            } else {
                map.change(key) { put(value, at: rest, in: &$0) }
            }
            node.content = .map(map)
        } else {
            node = nest(value, in: Array(path))
        }
    }

    /// A value nested in mappings with the given keys.
    private static func nest(_ value: SpecNode, in path: [String]) -> SpecNode {
        path.reversed().reduce(value) { node, key in
            var map = SpecMap()
            map.set(key, SpecMap.Entry(node: node, keyOrigin: value.origin))
            return SpecNode(.map(map), value.origin)
        }
    }

    /// A value typed as in YAML; text if it is not valid YAML.
    /// - Throws: `StageFailure` for an unknown tag.
    static func value(_ text: String, _ origin: SpecOrigin) throws(StageFailure) -> SpecNode {
        var problems: [Diagnostic] = []
        guard let reader = try? YAMLReader(file: "--set", bytes: Array(text.utf8)), !text.isEmpty,
            let node = try? reader.read(problems: &problems)
        else { return SpecNode(.scalar(.string(text)), origin) }
        if let problem = problems.first { throw StageFailure(problem.sentence) }
        return node.stamped(origin)
    }
}

extension SpecNode {
    /// The mapping, moved out of the node while it changes: with a second owner, each of a thousand values would copy
    /// it.
    fileprivate mutating func takeMap() -> SpecMap? {
        guard case .map(let map) = content else { return nil }
        content = .list([])
        return map
    }

    /// An element of a mapping or a list; nil if there is none.
    func child(_ key: String) -> SpecNode? {
        switch content {
        case .map(let map): map[key]
        case .list(let nodes): Int(key).flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
        case .scalar: nil
        }
    }

    /// The same node with another origin throughout.
    func stamped(_ origin: SpecOrigin) -> SpecNode {
        var node = self
        node.origin = origin
        switch content {
        case .scalar: break
        case .list(let nodes): node.content = .list(nodes.map { $0.stamped(origin) })
        case .map(let map):
            var stamped = SpecMap()
            for key in map.keys {
                if let node = map[key] {
                    stamped.set(key, SpecMap.Entry(node: node.stamped(origin), keyOrigin: origin))
                }
            }
            node.content = .map(stamped)
        }
        return node
    }
}
