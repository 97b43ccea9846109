public import SentioKit

/// How `run`, `plan` and other commands modify a pipeline file when they read it.
public struct LoadOptions: Sendable, Equatable {
    /// The name of a profile; nil: none.
    public var profile: String?
    /// Values of `--set`, such as `a.b=3`; later ones win.
    public var sets: [String]
    /// Overrides of the `sweep:` block.
    public var sweep = SweepOptions()

    /// The file as it is, unless told otherwise.
    public init(profile: String? = nil, sets: [String] = []) {
        self.profile = profile
        self.sets = sets
    }
}

/// All faults of a pipeline.
public struct PipelineErrors: Error, Sendable, CustomStringConvertible {
    /// In the order of the file.
    public let diagnostics: [Diagnostic]

    /// Several faults.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    /// A single fault.
    public init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }
    /// The first fifty faults, and the number of the others.
    public var description: String {
        let shown = diagnostics.prefix(50).map(\.description).joined(separator: "\n"), more = diagnostics.count - 50
        return more > 0 ? "\(shown)\nand \(more) more problem\(more == 1 ? "" : "s")" : shown
    }
}

/// Reads a file and the files it extends. Precedence: base < file < profile < `--set`. Keeps the texts for excerpts.
package struct PipelineFile {
    private(set) var readers: [String: YAMLReader] = [:]
    /// Faults found while reading; decoding finds more.
    var problems: [Diagnostic] = []
    var overrides: [Override] = []
    /// Content of the file under `claims:`, read once for all cells of a sweep; nil if there is none or it has a fault.
    var claims: PublishedClaims?
    /// What the file says of its profiles.
    var profiles: [RunDescription.Profile] = []
    /// Path of the file under `claims:`.
    var claimsPath: String?

    package init() {}

    /// The merged tree, before `${}` is replaced. Faults that still leave a tree are added to `problems`.
    /// - Throws: `PipelineErrors`.
    package mutating func load(_ path: String, options: LoadOptions) throws -> SpecNode {
        do {
            var root = try loadExtending(path, chain: [])
            readProfiles(root)
            if let profile = options.profile { root = apply(profile: profile, to: root) }
            let written = root
            apply(sets: options.sets, to: &root)
            if !options.sweep.isEmpty { root = try apply(options.sweep, to: root) }
            checkOverrides(root, written: written)
            readClaims(root)
            return root
        } catch let diagnostic as Diagnostic {
            throw PipelineErrors(problems + [diagnostic])
        }
    }

    mutating func report(_ sentence: String, at origin: SpecOrigin) {
        problems.append(diagnostic(sentence, at: origin))
    }

    /// A diagnostic with an excerpt of the line that it points to.
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

    /// Reads the text of a file and keeps it for excerpts.
    /// - Throws: `Diagnostic`.
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
            throw diagnostic("A pipeline file must be a mapping with the key `stages:`.", at: root.origin)
        }
        guard let extends = map["extends"] else { return root }
        guard let base = extends.string else {
            throw diagnostic("`extends` must be the path of one file.", at: extends.origin)
        }
        let basePath = Paths.resolve(base, relativeTo: Paths.directory(of: path))
        let chain = chain + [Paths.normalized(path)]
        guard !chain.contains(Paths.normalized(basePath)) else {
            throw diagnostic(
                "The files extend each other in a cycle: "
                    + "\((chain + [Paths.normalized(basePath)]).joined(separator: " -> ")).",
                at: extends.origin)
        }
        guard chain.count < 16 else {
            throw diagnostic("`extends` forms a chain of more than 16 files.", at: extends.origin)
        }
        guard Paths.exists(basePath) else {
            throw diagnostic("The file to extend, \(basePath), does not exist.", at: extends.origin)
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
            var relabeled = SpecMap()
            for key in map.keys {
                guard let entry = map.entries[key] else { continue }
                relabeled.set(
                    key, SpecMap.Entry(node: relabel(entry.node, profile: profile), keyOrigin: origin(entry.keyOrigin)))
            }
            node.content = .map(relabeled)
        }
        return node
    }
}
