import SentioRunStore

/// Every scored song, the largest errors first, with players for the first ones by choice.
enum SongSection {
    private static let mostRows = 500

    struct Song {
        let id: String
        /// By dimension.
        let ratings: [(dimension: String, truth: Double, predicted: Double)]

        /// Mean absolute error over dimensions.
        var error: Double { ratings.reduce(0) { $0 + ($1.predicted - $1.truth).magnitude } / Double(max(1, ratings.count)) }
    }

    /// The largest error first.
    static func songs(_ run: RunReport) -> [Song] {
        let columns = run.drawn
        guard let first = columns.first else { return [] }
        let rows = columns.map { Dictionary(zip($0.songs, zip($0.truth, $0.predicted)), uniquingKeysWith: { first, _ in first }) }
        return first.songs.map { id in
            Song(
                id: id,
                ratings: zip(columns, rows).compactMap { column, rows in rows[id].map { (column.dimension, $0.0, $0.1) } })
        }.sorted { ($1.error, $0.id) < ($0.error, $1.id) }
    }

    /// - parameter players: for so many songs from the top.
    static func html(_ run: RunReport, players: Int) -> String {
        let songs = songs(run)
        guard let first = songs.first, let column = run.drawn.first else { return "" }
        let metadata = Array(run.facts.metadataColumns.prefix(4))
        let names = first.ratings.map(\.dimension)
        let columns =
            ["song"] + metadata + names.flatMap { ["\($0) true", "predicted"] } + ["mean error"] + (players > 0 ? ["10 seconds"] : [])
        let from = 1 + metadata.count
        var table = HTMLTable(
            columns, numbers: Set(from...from + 2 * names.count),
            caption:
                "\(column.stage), \(column.set): largest error first\(songs.count > mostRows ? "; the first \(mostRows) of \(songs.count)" : ""). Press a heading to sort."
        )
        table.isSortable = true
        if players > 0 { table.markup = [columns.count - 1] }
        var silent = 0
        for (index, song) in songs.prefix(mostRows).enumerated() {
            var row = [song.id] + metadata.map { Markup.cut(run.facts.text($0, of: song.id) ?? "", to: 60) }
            row +=
                song.ratings.flatMap { [Numerals.fixed($0.truth, 2), Numerals.fixed($0.predicted, 2)] } + [Numerals.fixed(song.error, 2)]
            if players > 0 {
                let wav = index < players ? WaveformClip.wav(of: song.id, in: run.artifacts) : nil
                if index < players, wav == nil { silent += 1 }
                row.append(
                    wav.map {
                        "<audio controls preload=\"none\" aria-label=\"\(Markup.escaped("10 seconds of \(song.id)"))\" src=\"data:audio/wav;base64,\(Base64.text($0))\"></audio>"
                    } ?? "")
            }
            // A player stands beside numbers that may be missing for a song of fewer dimensions.
            while row.count < columns.count { row.insert("", at: row.count - (players > 0 ? 1 : 0)) }
            table.rows.append(row)
        }
        let note =
            silent > 0
            ? Markup.element(
                "p", text: "\(Numerals.count(silent, "song")) without a player: its decoded samples are not in the cache any more.") : ""
        return table.html + note
    }
}
