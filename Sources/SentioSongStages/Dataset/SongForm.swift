import SentioKit

/// Ids that differ only in how they are written: `1`, `1.0`, `001`, `1.mp3`, ` 1 `, and `Blues_01`, `blues 1`. They
/// count as different songs, because only the user knows whether they are; the message about an id without a match
/// names the song that it looks like.
package struct SongForm {
    /// Songs by form; nil if two have the same.
    private var songs: [String: String?] = [:]

    package init(_ ids: some Sequence<String>) {
        for id in ids {
            let form = Self.form(id)
            if let other = songs[form] { songs[form] = other == id ? other : .some(nil) } else { songs[form] = id }
        }
    }

    /// The one song that an id may mean.
    func song(like id: String) -> String? {
        guard let song = songs[Self.form(id)], let song, song != id else { return nil }
        return song
    }

    /// ` "1.0" in annotations.csv:2 looks like song "1".` for the first three that look like a song, and how many more
    /// do; empty if none does.
    /// - parameter place: the place of an id in a file, if known.
    package func hint(_ ids: some Sequence<String>, place: (String) -> String? = { _ in nil }) -> String {
        let alike = ids.compactMap { id in song(like: id).map { (id: id, song: $0) } }
        guard !alike.isEmpty else { return "" }
        let shown = alike.prefix(3).map { entry in
            "`\(Excerpt.text(entry.id))`\(place(entry.id).map { " in \($0)" } ?? "") looks like song "
                + "`\(Excerpt.text(entry.song))`"
        }
        let more = alike.count - shown.count
        let rest = more > 0 ? ", and so \(more == 1 ? "does" : "do") \(more) more" : ""
        return " \(shown.joined(separator: ", "))\(rest)."
    }

    /// A form that is the same for all ways to write an id.
    static func form(_ id: String) -> String {
        var text = id.lowercased()[...]
        if let slash = text.lastIndex(where: { $0 == "/" || $0 == "\\" }) { text = text[text.index(after: slash)...] }
        let isEdge = { (character: Character) in
            character.isWhitespace || character == "\"" || character == "'" || character == "\u{FEFF}"
        }
        while text.first.map(isEdge) ?? false { text.removeFirst() }
        while text.last.map(isEdge) ?? false { text.removeLast() }
        if let dot = text.lastIndex(of: "."),
            DatasetLayout.audioExtensions.contains(String(text[text.index(after: dot)...]))
        {
            text = text[..<dot]
        }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isDigit = { (character: Character) in character.isASCII && character.isNumber }
        guard let whole = parts.first, !whole.isEmpty, whole.allSatisfy(isDigit),
            parts.count == 1 || parts[1].allSatisfy({ $0 == "0" })
        else { return words(of: text) }
        let digits = whole.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    /// `pop 00023`, `pop-23` and `pop_023` as `pop_23`.
    private static func words(of text: Substring) -> String {
        var words: [Substring] = [], start = text.startIndex
        func isNumber(_ place: Substring.Index) -> Bool { text[place].isASCII && text[place].isNumber }
        func end(_ place: Substring.Index) { if start < place { words.append(text[start..<place]) } }
        for place in text.indices {
            if !text[place].isLetter && !text[place].isNumber {
                end(place)
                start = text.index(after: place)
            } else if place > start, isNumber(place) != isNumber(text.index(before: place)) {
                end(place)
                start = place
            }
        }
        end(text.endIndex)
        if words.isEmpty { return String(text) }
        return words.map { word in
            let rest = word.drop { $0 == "0" }
            return rest.isEmpty ? "0" : isNumber(word.startIndex) ? String(rest) : String(word)
        }.joined(separator: "_")
    }
}
