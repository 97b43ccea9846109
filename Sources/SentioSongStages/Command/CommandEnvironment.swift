import SentioBase

/// The variables that a command sees: those of this process byte for byte, whatever their encoding, and others in the
/// place of those of the same name.
struct CommandEnvironment: Sendable {
    /// `NAME=value` each.
    private(set) var entries: [[UInt8]]

    /// As this process got it.
    init() {
        entries = []
        var place = environ
        while let entry = place.pointee {
            entries.append(UnsafeRawBufferPointer(start: entry, count: strlen(entry)).map { $0 })
            place += 1
        }
    }

    /// Gives a variable this value in the place of its own; nil takes it away.
    mutating func set(_ name: String, _ value: String?) {
        let start = Array((name + "=").utf8)
        entries.removeAll { $0.starts(with: start) }
        if let value { entries.append(start + value.utf8) }
    }
}
