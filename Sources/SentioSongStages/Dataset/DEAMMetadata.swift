import SentioKit

/// Artist and genre from DEAM's own `metadata_2013.csv`, `_2014`, `_2015`.
///
/// The three files name their columns differently and are ragged (2014 has up to a hundred tags after the last column,
/// cells contain tabs), so a strict CSV reader rejects them. Here a row needs only the columns that the header names.
enum DEAMMetadata {
    static let columns = ["artist", "genre"]

    /// - returns: what was found; a file without columns of ids and artists is reported through `warn` and left out.
    static func read(_ files: [(path: String, bytes: [UInt8])], warn: (String) -> Void) -> SongMetadata {
        var metadata = SongMetadata()
        metadata.columns = columns
        metadata.paths = files.map(\.path)
        for (number, file) in files.enumerated() {
            if let problem = TextEncoding.problem(file.bytes) {
                warn("\(file.path) \(problem). It is not used.")
                continue
            }
            if let line = file.bytes.split(separator: 0x0A).first(where: {
                String(validating: $0, as: UTF8.self) == nil
            }) {
                warn("\(file.path) contains \(TextEncoding.problem(notUTF8: line)); until then such letters are lost.")
            }
            let lines = String(decoding: file.bytes, as: UTF8.self).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let first = lines.firstIndex { !$0.isEmpty } ?? lines.startIndex
            let header = lines.isEmpty ? [] : cells(lines[first]).map { $0.lowercased() }
            guard let id = header.firstIndex(where: { $0 == "song_id" || $0 == "id" || $0 == "song id" }),
                let artist = header.firstIndex(of: "artist")
            else {
                warn("\(file.path) has no column of song ids or of artists in its first line and is not used.")
                continue
            }
            let genre = header.firstIndex(of: "genre")
            for (index, line) in lines.enumerated().dropFirst(first + 1) {
                let row = cells(line)
                func cell(_ column: Int?) -> String {
                    column.flatMap { row.indices.contains($0) ? row[$0] : nil } ?? ""
                }
                let song = cell(id)
                guard SongID.problem(song) == nil, metadata.cells[song] == nil else { continue }
                metadata.cells[song] = [cell(artist), cell(genre)]
                metadata.lines[song] = index + 1
                metadata.tables[song] = number
            }
        }
        if metadata.cells.isEmpty { metadata.columns = [] }
        return metadata
    }

    /// The cells of one line, without quotes and surrounding whitespace.
    static func cells(_ line: some StringProtocol) -> [String] {
        var cells: [String] = []
        var cell = "", isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                cells.append(trimmed(cell))
                cell = ""
            } else {
                cell.append(character == "\t" ? " " : character)
            }
        }
        return cells + [trimmed(cell)]
    }

    private static func trimmed(_ text: String) -> String {
        var part = text[...]
        while let first = part.first, first.isWhitespace || first == "\u{FEFF}" { part.removeFirst() }
        while part.last?.isWhitespace ?? false { part.removeLast() }
        return String(part)
    }
}
