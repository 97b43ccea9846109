/// What may name a song: a number or a word. Ids become file names, so they must not point to other folders.
package enum SongID {
    /// The most bytes an id may have; file systems allow 255 for a name, extension included.
    static let maximumBytes = 200

    /// The id without the extension of an audio file: `12` for `12.mp3`; nil if it has none.
    static func withoutExtension(_ id: String) -> String? {
        guard let dot = id.lastIndex(of: "."), dot > id.startIndex,
            DatasetLayout.audioExtensions.contains(id[id.index(after: dot)...].lowercased())
        else { return nil }
        return String(id[..<dot])
    }

    /// The ids without extensions, by id, if the ids as written name none of these songs, but without their extensions
    /// they do. Nil if that is not so, or if two ids would become the same.
    static func withoutExtensions(_ ids: some Collection<String>, naming songs: Set<String>) -> [String: String]? {
        guard !ids.contains(where: songs.contains) else { return nil }
        let plain = ids.map { (id: $0, plain: withoutExtension($0) ?? $0) }
        guard plain.contains(where: { songs.contains($0.plain) }), Set(plain.map(\.plain)).count == plain.count else {
            return nil
        }
        return Dictionary(uniqueKeysWithValues: plain.map { ($0.id, $0.plain) })
    }

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
