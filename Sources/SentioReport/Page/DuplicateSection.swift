import SentioKit

/// Songs that `near-duplicates` found to be the same recording.
enum DuplicateSection {
    private static let mostRows = 100

    static func html(_ run: RunReport) -> String {
        run.artifacts.outputs.filter { $0.manifest.type == "duplicate-pairs" }.compactMap { output in
            run.artifacts.table(output).map { html($0, stage: output.stage) }
        }.joined()
    }

    /// The pairs of one stage; a sentence where there are none.
    static func html(_ pairs: Table, stage: String) -> String {
        guard !pairs.rows.isEmpty else {
            return Markup.element("p", text: "\(stage): no two songs are the same recording.")
        }
        let titles = pairs.columns.map { Self.titles[$0] ?? $0.replacing("_", with: " ") }
        let shown = pairs.rows.count > mostRows ? " (\(mostRows) shown)" : ""
        var table = HTMLTable(
            titles, numbers: Set(titles.indices.dropFirst(2)),
            caption:
                "\(stage): \(Numerals.count(pairs.rows.count, "pair")) of songs that are the same recording\(shown). "
                + "The offset is the second of the first song with which the other begins; a difference is that of "
                + "their ratings.")
        table.namesRows = true
        table.rows = Array(pairs.rows.prefix(mostRows))
        return table.html
    }

    private static let titles = [
        "song_a": "song", "song_b": "same recording", "offset_seconds": "offset (s)", "overlap_seconds": "compared (s)",
    ]
}
