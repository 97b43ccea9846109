package import SentioKit

/// A piece of a pipeline file with the place it came from, kept through `extends`, profiles, `--set` and `${}`.
package struct SpecNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(Value)
        case list([SpecNode])
        case map(SpecMap)
    }

    var content: Content
    package internal(set) var origin: SpecOrigin
    /// A number or boolean as the file or the command line writes it, where it prints otherwise: `007`, `3.10`, `1e3`.
    var written: String?
    /// Whether it stands for something with a fault that has been reported.
    private(set) var isBroken = false

    init(_ content: Content, _ origin: SpecOrigin) {
        self.content = content
        self.origin = origin
    }

    /// Stands for what has been reported: whoever meets it adds no second complaint.
    static func broken(_ origin: SpecOrigin) -> SpecNode {
        var node = SpecNode(.scalar(.null), origin)
        node.isBroken = true
        return node
    }

    /// A single value as it stands in the file.
    var printed: String { written ?? value.text }

    /// The value without places.
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

    /// The node with `overlay` laid over it: maps key by key, everything else replaced. A null removes a key.
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

    /// Changes the node of a key in place.
    mutating func change(_ key: String, _ change: (inout SpecNode) -> Void) {
        // Taken out while it changes, so that nothing is copied.
        guard var entry = entries.removeValue(forKey: key) else { return }
        change(&entry.node)
        entries[key] = entry
    }

    /// YAML's merge: keys that are not here yet, from the first mapping that has them; values are not merged further.
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

/// Where a value came from.
package enum SpecOrigin: Sendable, Hashable {
    case file(SourceLocation)
    case profile(String, SourceLocation)
    case commandLine(String)
    /// Another option of the command line, as it was given: `--matrix ratio=0,1`.
    case option(String)
    /// A cell of a sweep; the place of the value in the `sweep:` block, nil where it was drawn or stands on the command
    /// line.
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
