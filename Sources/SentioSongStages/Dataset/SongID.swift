/// What may name a song: a number or a word. Ids become file names, so they must not point to other folders.
package enum SongID {
    /// The most bytes an id may have; file systems allow 255 for a name, extension included.
    static let maximumBytes = 200

    /// What is wrong with an id, as the end of a sentence; nil if nothing is.
    package static func problem(_ id: String) -> String? {
        if id.isEmpty { return "the song_id is empty" }
        if id.utf8.count > maximumBytes { return "the song_id has \(id.utf8.count) bytes, more than \(maximumBytes)" }
        if id == "." || id == ".." || id.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            return "the song_id `\(id)` could name another folder; an id is a number or a word"
        }
        if id.unicodeScalars.contains(where: {
            $0.properties.generalCategory == .control || $0.value == 0x2028 || $0.value == 0x2029
        }) {
            return "the song_id contains a control character"
        }
        return nil
    }
}
