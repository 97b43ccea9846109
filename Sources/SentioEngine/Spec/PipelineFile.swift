public import SentioKit

/// What `run`, `plan` and the other commands take beside the file.
public struct LoadOptions: Sendable, Equatable {
    public var profile: String?
    /// `a.b=3`, in order; later ones win.
    public var sets: [String]
    /// What the command line says about the `sweep:` block.
    public var sweep = SweepOptions()

    public init(profile: String? = nil, sets: [String] = []) {
        self.profile = profile
        self.sets = sets
    }
}

/// All that is wrong with a pipeline, together.
public struct PipelineErrors: Error, Sendable, CustomStringConvertible {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    public init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// Reads a file and what it extends; base < file < profile < `--set`. Remembers the texts for carets.
struct PipelineFile {
    private(set) var readers: [String: YAMLReader] = [:]

    /// The merged tree, before `${}`.
    /// - throws: `PipelineErrors`.
    mutating func load(_ path: String, options: LoadOptions) throws -> SpecNode {
        do {
            var root = try loadExtending(path, chain: [])
            if let profile = options.profile { root = try apply(profile: profile, to: root) }
            for argument in options.sets { root = try apply(set: argument, to: root) }
            if !options.sweep.isEmpty { root = try apply(options.sweep, to: root) }
            return root
        } catch let diagnostic as Diagnostic {
            throw PipelineErrors(diagnostic)
        }
    }

    /// A diagnostic with the line of the file it points to.
    func diagnostic(_ sentence: String, at origin: SpecOrigin) -> Diagnostic {
        guard let location = origin.location, let reader = readers[location.file] else {
            switch origin {
            case .commandLine, .option: return Diagnostic("\(origin.text): \(sentence)")
            default: break
            }
            return Diagnostic(sentence, at: origin.location)
        }
        return reader.diagnostic(sentence, line: location.line, column: location.column)
    }

    private mutating func loadExtending(_ path: String, chain: [String]) throws -> SpecNode {
        let bytes: [UInt8]
        do { bytes = try FileBytes.read(path) } catch { throw Diagnostic("\(error)") }
        let reader = try YAMLReader(file: path, bytes: bytes)
        readers[path] = reader
        let root = try reader.read()
        guard let map = root.map else { throw diagnostic("A pipeline file is a mapping with `stages:`.", at: root.origin) }
        guard let extends = map["extends"] else { return root }
        guard let base = extends.string else { throw diagnostic("`extends` names one file.", at: extends.origin) }
        let basePath = Paths.resolve(base, relativeTo: Paths.directory(of: path))
        let chain = chain + [Paths.normalized(path)]
        guard !chain.contains(Paths.normalized(basePath)) else {
            throw diagnostic(
                "The files extend each other in a circle: \((chain + [Paths.normalized(basePath)]).joined(separator: " -> ")).",
                at: extends.origin)
        }
        guard chain.count < 16 else { throw diagnostic("More than 16 files extend each other.", at: extends.origin) }
        guard Paths.exists(basePath) else { throw diagnostic("The file to extend is not there: \(basePath).", at: extends.origin) }
        return try loadExtending(basePath, chain: chain).merged(with: root)
    }

    private func apply(profile name: String, to root: SpecNode) throws -> SpecNode {
        let profiles = root.map?["profiles"]?.map
        guard let profile = profiles?[name] else {
            let known = profiles?.keys ?? []
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw Diagnostic(
                known.isEmpty
                    ? "There is no profile `\(name)`: the file has no `profiles:`."
                    : "There is no profile `\(name)`; the file has \(known.joined(separator: ", ")).\(hint)")
        }
        return root.merged(with: Self.relabel(profile, profile: name))
    }

    private static func relabel(_ node: SpecNode, profile: String) -> SpecNode {
        func origin(_ origin: SpecOrigin) -> SpecOrigin { origin.location.map { .profile(profile, $0) } ?? origin }
        var node = node
        node.origin = origin(node.origin)
        switch node.content {
        case .scalar: break
        case .list(let nodes): node.content = .list(nodes.map { relabel($0, profile: profile) })
        case .map(let map):
            var relabelled = SpecMap()
            for key in map.keys {
                guard let entry = map.entries[key] else { continue }
                relabelled.set(key, SpecMap.Entry(node: relabel(entry.node, profile: profile), keyOrigin: origin(entry.keyOrigin)))
            }
            node.content = .map(relabelled)
        }
        return node
    }

    /// `name=value`: a param, `seed`, or `stage.parameter`; also by full path (`stages.mels.with.n_mels`).
    private func apply(set argument: String, to root: SpecNode) throws -> SpecNode {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw Diagnostic("--set \(argument): write it as name=value.")
        }
        let origin = SpecOrigin.commandLine(argument)
        let path = argument[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else { throw Diagnostic("--set \(argument): a part of the name is empty.") }
        let value = try Self.value(String(argument[argument.index(after: equals)...]), origin)
        do throws(StageFailure) { return root.merged(with: Self.nest(value, in: try Self.resolve(path, in: root))) } catch {
            throw Diagnostic("--set \(argument): \(error)")
        }
    }

    /// A value below the keys that lead to it.
    static func nest(_ value: SpecNode, in path: [String]) -> SpecNode {
        path.reversed().reduce(value) { node, key in
            var map = SpecMap()
            map.set(key, SpecMap.Entry(node: node, keyOrigin: value.origin))
            return SpecNode(.map(map), value.origin)
        }
    }

    /// Where in the file a name on the command line, or in a sweep, is meant to stand.
    static func resolve(_ path: [String], in root: SpecNode) throws(StageFailure) -> [String] {
        let params = root.map?["params"]?.map, stages = root.map?["stages"]?.map
        let first = path[0]
        if params?[first] != nil { return ["params"] + path }
        if first == "seed", path.count == 1 { return path }
        if (first == "params" || first == "stages"), path.count > 1 { return path }
        if path.count > 1, let stage = stages?[first]?.map {
            return ["stages", first] + resolve(path.dropFirst(), in: stage)
        }
        let known = (params?.keys ?? []) + (stages?.keys ?? []).map { $0 + ".…" } + ["seed"]
        let hint = Suggestion.nearest(to: first, among: (params?.keys ?? []) + (stages?.keys ?? [])).map { " Did you mean `\($0)`?" } ?? ""
        throw StageFailure("there is no param or stage `\(first)`.\(hint) The file has \(known.joined(separator: ", ")).")
    }

    /// What follows a stage's name: a key of the stage, a parameter, or, in a group, a member and what follows its name.
    private static func resolve(_ path: ArraySlice<String>, in stage: SpecMap) -> [String] {
        guard let first = path.first else { return [] }
        if path.count > 1, let member = stage["stages"]?.map?[first]?.map {
            return ["stages", first] + resolve(path.dropFirst(), in: member)
        }
        let isStageLevel = StageFields.common.contains(first) || stage[first] != nil
        return (isStageLevel ? [] : ["with"]) + path
    }

    static func value(_ text: String, _ origin: SpecOrigin) throws -> SpecNode {
        guard let reader = try? YAMLReader(file: "--set", bytes: Array(text.utf8)), !text.isEmpty else {
            return SpecNode(.scalar(.string(text)), origin)
        }
        guard let node = try? reader.read() else { return SpecNode(.scalar(.string(text)), origin) }
        return stamp(node, origin)
    }

    private static func stamp(_ node: SpecNode, _ origin: SpecOrigin) -> SpecNode {
        switch node.content {
        case .scalar: return SpecNode(node.content, origin)
        case .list(let nodes): return SpecNode(.list(nodes.map { stamp($0, origin) }), origin)
        case .map(let map):
            var stamped = SpecMap()
            for key in map.keys { if let node = map[key] { stamped.set(key, SpecMap.Entry(node: stamp(node, origin), keyOrigin: origin)) } }
            return SpecNode(.map(stamped), origin)
        }
    }
}
