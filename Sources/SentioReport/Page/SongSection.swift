import SentioBase
import SentioRunStore

/// The scored songs, the largest errors first, optionally with players for the first ones.
enum SongSection {
    private static let mostRows = 500

    struct Song {
        let id: String
        /// One entry per dimension.
        let ratings: [(dimension: String, truth: Double, predicted: Double)]
        /// What the error of a dimension is divided by; 1 where it has no entry.
        var units: [String: Double] = [:]

        /// Mean absolute error over dimensions.
        var error: Double {
            ratings.reduce(0) { $0 + ($1.predicted - $1.truth).magnitude / (units[$1.dimension] ?? 1) }
                / Double(max(1, ratings.count))
        }
    }

    /// The largest error first.
    static func songs(_ run: RunReport) -> [Song] {
        let columns = run.drawn
        guard let first = columns.first else { return [] }
        let rows = columns.map {
            Dictionary(zip($0.songs, zip($0.truth, $0.predicted)), uniquingKeysWith: { first, _ in first })
        }
        let units = Dictionary(
            columns.map { ($0.dimension, run.facts.unit(of: $0.dimension)) }, uniquingKeysWith: { first, _ in first })
        return first.songs.map { id in
            Song(
                id: id,
                ratings: zip(columns, rows).compactMap { column, rows in rows[id].map { (column.dimension, $0.0, $0.1) }
                }, units: units)
        }.sorted { ($1.error, $0.id) < ($0.error, $1.id) }
    }

    /// - Parameter players: number of songs from the top with a player.
    static func html(_ run: RunReport, players: Int) -> String {
        let songs = songs(run)
        guard let first = songs.first, let column = run.drawn.first else { return "" }
        // Omit columns that are empty for these songs.
        let metadata = run.facts.metadataColumns.filter { column in
            songs.prefix(mostRows).contains { run.facts.text(column, of: $0.id) != nil }
        }.prefix(4)
        let names = first.ratings.map(\.dimension), numbers = 2 * names.count + 1
        var table = HTMLTable(
            ["song"] + names.flatMap { _ in ["true", "pred."] } + ["error"] + metadata
                + (players > 0 ? ["excerpt"] : []),
            numbers: Set(1...numbers),
            caption:
                "\(column.stage), \(setWords(column.set)), largest error "
                + "first\(songs.count > mostRows ? " (\(mostRows) of \(songs.count) shown)" : ""). Ratings and "
                + "predictions (pred.)\(scaleWords(run)); the error is the mean absolute error over "
                + "\(names.joined(separator: names.count > 2 ? ", " : " and "))\(unitWords(run)). Click a heading to "
                + "sort."
        )
        table.isSortable = true
        table.namesRows = true
        table.groups = [("", 1)] + names.map { ($0, 2) }
        if players > 0 { table.markup = [numbers + metadata.count + 1] }
        var silent = 0
        for (index, song) in songs.prefix(mostRows).enumerated() {
            var row = [song.id]
            for name in names {
                let rating = song.ratings.first { $0.dimension == name }
                row += [rating?.truth, rating?.predicted].map { $0.map { Numerals.fixed($0, 2) } ?? "" }
            }
            row +=
                [Numerals.fixed(song.error, 2)]
                + metadata.map { ShortText.end(run.facts.text($0, of: song.id) ?? "", to: 60) }
            if players > 0 {
                let wav = index < players ? WaveformClip.wav(of: song.id, in: run.artifacts) : nil
                if index < players, wav == nil { silent += 1 }
                row.append(
                    wav.map {
                        "<audio controls preload=\"none\" "
                            + "aria-label=\"\(Markup.escaped("10 seconds of \(song.id)"))\" "
                            + "src=\"data:audio/wav;base64,\(Base64.text($0))\"></audio>"
                    } ?? "")
            }
            table.rows.append(row)
        }
        let note =
            silent > 0
            ? Markup.element(
                "p",
                text:
                    "No player for \(Numerals.count(silent, "song")): the decoded audio is no longer in the cache."
            ) : ""
        return table.html + note
    }

    /// A set of scored songs in words.
    static func setWords(_ set: String) -> String {
        ["test": "test songs", "out_of_fold": "out-of-fold predictions", "validation": "validation songs"][set] ?? set
    }

    private static func unitWords(_ run: RunReport) -> String {
        run.facts.hasUnits ? ", each divided by half its scale" : ""
    }

    private static func scaleWords(_ run: RunReport) -> String {
        run.facts.scale.map { " on a scale from \(Numerals.short($0.lowerBound)) to \(Numerals.short($0.upperBound))" }
            ?? ""
    }
}
