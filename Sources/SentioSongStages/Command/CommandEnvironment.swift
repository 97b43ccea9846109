import SentioBase

/// The environment of a command: the variables of this process byte for byte, whatever their encoding, with some of
/// them added or replaced.
struct CommandEnvironment: Sendable {
    /// Each one is `NAME=value`.
    private(set) var entries: [[UInt8]]

    /// A copy of this process's environment.
    init() {
        entries = []
        var place = environ
        while let entry = place.pointee {
            entries.append(UnsafeRawBufferPointer(start: entry, count: strlen(entry)).map { $0 })
            place += 1
        }
    }

    /// Sets a variable, replacing its previous value; nil removes it.
    mutating func set(_ name: String, _ value: String?) {
        let start = Array((name + "=").utf8)
        entries.removeAll { $0.starts(with: start) }
        if let value { entries.append(start + value.utf8) }
    }
}
