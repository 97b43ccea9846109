package import SentioKit

/// A node of a pipeline file with its origin, which is kept through `extends`, profiles, `--set` and `${}`.
package struct SpecNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(Value)
        case list([SpecNode])
        case map(SpecMap)
    }

    var content: Content
    package internal(set) var origin: SpecOrigin
    /// The spelling of a number or boolean in the file or on the command line, if it prints differently: `007`, `3.10`.
    var written: String?
    /// Whether it replaces a node with a reported fault.
    private(set) var isBroken = false

    init(_ content: Content, _ origin: SpecOrigin) {
        self.content = content
        self.origin = origin
    }

    /// Replaces a node whose fault was reported, so that it is not reported again.
    static func broken(_ origin: SpecOrigin) -> SpecNode {
        var node = SpecNode(.scalar(.null), origin)
        node.isBroken = true
        return node
    }

    /// A scalar as written in the file.
    var printed: String { written ?? value.text }

    /// The value without origins.
    var value: Value {
        switch content {
        case .scalar(let value): value
        case .list(let nodes): .list(nodes.map(\.value))
        case .map(let map): .map(map.entries.mapValues { $0.node.value })
        }
    }

    var map: SpecMap? { if case .map(let map) = content { map } else { nil } }
    package var string: String? { if case .scalar(.string(let text)) = content { text } else { nil } }
    var isNull: Bool { if case .scalar(.null) = content { true } else { false } }

    /// The node overridden by `overlay`: mappings are merged key by key, everything else is replaced. A null removes a
    /// mapping.
    func merged(with overlay: SpecNode) -> SpecNode {
        guard case .map(var base) = content, case .map(let over) = overlay.content else { return overlay }
        for key in over.keys {
            guard let entry = over.entries[key] else { continue }
            if entry.node.isNull, !entry.node.isBroken, base.entries[key]?.node.map != nil {
                base.remove(key)
            } else if let old = base.entries[key] {
                base.set(key, SpecMap.Entry(node: old.node.merged(with: entry.node), keyOrigin: entry.keyOrigin))
            } else {
                base.set(key, entry)
            }
        }
        return SpecNode(.map(base), origin)
    }
}

/// A mapping that keeps the order of its keys.
struct SpecMap: Sendable {
    struct Entry: Sendable {
        var node: SpecNode
        var keyOrigin: SpecOrigin
    }

    private(set) var keys: [String] = []
    private(set) var entries: [String: Entry] = [:]

    subscript(key: String) -> SpecNode? { entries[key]?.node }

    mutating func set(_ key: String, _ entry: Entry) {
        if entries.updateValue(entry, forKey: key) == nil { keys.append(key) }
    }

    /// Modifies the node of a key in place.
    mutating func change(_ key: String, _ change: (inout SpecNode) -> Void) {
        // Moved out while it changes, to avoid a copy.
        guard var entry = entries.removeValue(forKey: key) else { return }
        change(&entry.node)
        entries[key] = entry
    }

    /// YAML's merge key: adds missing keys from the first mapping that has them; values are not merged.
    mutating func fill(from mappings: [SpecNode]) {
        for other in mappings.compactMap(\.map) {
            for key in other.keys where entries[key] == nil { if let entry = other.entries[key] { set(key, entry) } }
        }
    }

    mutating func remove(_ key: String) {
        entries[key] = nil
        keys.removeAll { $0 == key }
    }
}

/// Where a value comes from.
package enum SpecOrigin: Sendable, Hashable {
    case file(SourceLocation)
    case profile(String, SourceLocation)
    case commandLine(String)
    /// Another option of the command line, as given: `--matrix ratio=0,1`.
    case option(String)
    /// A cell of a sweep, with the place of the value in the `sweep:` block; nil if it was drawn or given on the
    /// command line.
    case cell(SourceLocation?)
    case builtIn

    var location: SourceLocation? {
        switch self {
        case .file(let location), .profile(_, let location): location
        case .cell(let location): location
        case .commandLine, .option, .builtIn: nil
        }
    }

    /// `phase4.yaml:14`, `phase4.yaml:9, profile demo`, `--set epochs=5`, `default`.
    var text: String {
        switch self {
        case .file(let location): location.fileAndLine
        case .profile(let name, let location): "\(location.fileAndLine), profile \(name)"
        case .commandLine(let argument): "--set \(argument)"
        case .option(let text): text
        case .cell(let location): location.map { "\($0.fileAndLine), sweep" } ?? "sweep"
        case .builtIn: "default"
        }
    }
}
