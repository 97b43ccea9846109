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
    /// The first fifty, and how many more there are.
    public var description: String {
        let shown = diagnostics.prefix(50).map(\.description).joined(separator: "\n"), more = diagnostics.count - 50
        return more > 0 ? "\(shown)\nand \(more) more problem\(more == 1 ? "" : "s")" : shown
    }
}

/// Reads a file and what it extends; base < file < profile < `--set`. Remembers the texts for carets.
package struct PipelineFile {
    private(set) var readers: [String: YAMLReader] = [:]
    /// What was found wrong while reading; more is found while decoding.
    var problems: [Diagnostic] = []
    var overrides: [Override] = []
    /// What the file named under `claims:` holds, read once for all cells of a sweep; nil where none is named, or it
    /// has a fault.
    var claims: PublishedClaims?
    /// What the file says of its profiles.
    var profiles: [RunDescription.Profile] = []
    /// The file named under `claims:`.
    var claimsPath: String?

    package init() {}

    /// The merged tree, before `${}`. What is wrong with it and still leaves a tree is in `problems`.
    /// - throws: `PipelineErrors`.
    package mutating func load(_ path: String, options: LoadOptions) throws -> SpecNode {
        do {
            var root = try loadExtending(path, chain: [])
            readProfiles(root)
            if let profile = options.profile { root = apply(profile: profile, to: root) }
            apply(sets: options.sets, to: &root)
            if !options.sweep.isEmpty { root = try apply(options.sweep, to: root) }
            checkOverrides(root)
            readClaims(root)
            return root
        } catch let diagnostic as Diagnostic {
            throw PipelineErrors(problems + [diagnostic])
        }
    }

    mutating func report(_ sentence: String, at origin: SpecOrigin) {
        problems.append(diagnostic(sentence, at: origin))
    }

    /// A diagnostic with the line of the file it points to.
    package func diagnostic(_ sentence: String, at origin: SpecOrigin) -> Diagnostic {
        guard let location = origin.location, let reader = readers[location.file] else {
            switch origin {
            case .commandLine, .option: return Diagnostic("\(origin.text): \(sentence)")
            default: break
            }
            return Diagnostic(sentence, at: origin.location)
        }
        return reader.diagnostic(sentence, line: location.line, column: location.column)
    }

    /// The text of a file, remembered for carets.
    /// - throws: `Diagnostic`.
    mutating func reader(of path: String, as subject: YAMLSubject) throws -> YAMLReader {
        let bytes: [UInt8]
        do { bytes = try FileBytes.read(path, atMost: subject.maximumBytes) } catch { throw Diagnostic("\(error)") }
        let reader = try YAMLReader(file: path, bytes: bytes, as: subject)
        readers[path] = reader
        return reader
    }

    private mutating func loadExtending(_ path: String, chain: [String]) throws -> SpecNode {
        let root = try reader(of: path, as: .pipeline).read(problems: &problems)
        guard let map = root.map else {
            throw diagnostic("A pipeline file is a mapping with `stages:`.", at: root.origin)
        }
        guard let extends = map["extends"] else { return root }
        guard let base = extends.string else { throw diagnostic("`extends` names one file.", at: extends.origin) }
        let basePath = Paths.resolve(base, relativeTo: Paths.directory(of: path))
        let chain = chain + [Paths.normalized(path)]
        guard !chain.contains(Paths.normalized(basePath)) else {
            throw diagnostic(
                "The files extend each other in a circle: "
                    + "\((chain + [Paths.normalized(basePath)]).joined(separator: " -> ")).",
                at: extends.origin)
        }
        guard chain.count < 16 else { throw diagnostic("More than 16 files extend each other.", at: extends.origin) }
        guard Paths.exists(basePath) else {
            throw diagnostic("The file to extend is not there: \(basePath).", at: extends.origin)
        }
        let parent = try loadExtending(basePath, chain: chain)
        note(map["params"], over: parent.map?["params"], in: "")
        return parent.merged(with: root)
    }

    private mutating func apply(profile name: String, to root: SpecNode) -> SpecNode {
        let profiles = root.map?["profiles"]?.map
        guard let profile = profiles?[name] else {
            let known = profiles?.keys ?? []
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            problems.append(
                Diagnostic(
                    known.isEmpty
                        ? "There is no profile `\(name)`: the file has no `profiles:`."
                        : "There is no profile `\(name)`; the file has \(known.joined(separator: ", ")).\(hint)"))
            return root
        }
        guard profile.map != nil else { return root }
        let overlay = Self.relabel(Self.overrides(of: profile), profile: name)
        note(overlay.map?["params"], over: root.map?["params"], in: name)
        return root.merged(with: overlay)
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
                relabelled.set(
                    key, SpecMap.Entry(node: relabel(entry.node, profile: profile), keyOrigin: origin(entry.keyOrigin)))
            }
            node.content = .map(relabelled)
        }
        return node
    }
}
