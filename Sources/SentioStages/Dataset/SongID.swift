/// What may name a song: a number or a word. Ids become file names, so they must not point anywhere else.
enum SongID {
    /// The most bytes an id may have; file systems allow 255 for a name, extension included.
    static let maximumBytes = 200

    /// What is wrong with an id, as the end of a sentence; nil where nothing is.
    static func problem(_ id: String) -> String? {
        if id.isEmpty { return "the song_id is empty" }
        if id.utf8.count > maximumBytes { return "the song_id has \(id.utf8.count) bytes, more than \(maximumBytes)" }
        if id == "." || id == ".." || id.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            return "the song_id `\(id)` could name another folder; an id is a number or a word"
        }
        if id.unicodeScalars.contains(where: { $0.properties.generalCategory == .control || $0.value == 0x2028 || $0.value == 0x2029 }) {
            return "the song_id contains a control character"
        }
        return nil
    }
}

/// Lists of ids for people.
enum IDList {
    /// The first ten, and how many more there are.
    static func text(_ ids: [String]) -> String {
        ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }

    /// `a`, `a and b`, `a, b and c`.
    static func all(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.joined() }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `1 song`, `93 songs`.
    static func songs(_ count: Int) -> String { self.count(count, "song") }

    /// `1 file`, `93 files`.
    static func count(_ count: Int, _ what: String) -> String { count == 1 ? "1 \(what)" : "\(count) \(what)s" }
}
