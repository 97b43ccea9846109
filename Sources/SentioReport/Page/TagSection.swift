import SentioBase
import SentioKit
import SentioRunStore

/// What a pretrained network hears: the tags of each scored song from `top-tags`, beside its rating and prediction.
enum TagSection {
    private static let mostRows = 200
    /// Of the artifact that `top-tags` writes.
    private static let type = "song-tags"

    /// A tag with its probability.
    struct Tag: Equatable {
        let name: String
        let probability: Double
    }

    static func html(_ run: RunReport) -> String {
        guard let output = run.artifacts.outputs.last(where: { $0.manifest.type == type }),
            let table = run.artifacts.table(output), let column = run.drawn.first
        else { return "" }
        return html(
            SongSection.songs(run), tags: tags(table),
            caption: "\(output.stage), beside \(column.stage), \(SongSection.setWords(column.set))",
            scale: SongSection.scaleWords(run), unit: SongSection.unitWords(run))
    }

    /// - Parameters:
    ///   - songs: the largest error first.
    ///   - tags: by song id.
    ///   - caption: start of the caption.
    ///   - scale: the rating scale in words.
    ///   - unit: the unit of errors in words.
    static func html(
        _ songs: [SongSection.Song], tags: [String: [Tag]], caption: String, scale: String, unit: String
    ) -> String {
        let known = songs.filter { tags[$0.id] != nil }
        guard let first = known.first else { return "" }
        let names = first.ratings.map(\.dimension), numbers = 2 * names.count + 1
        let shown = known.count > mostRows ? " (\(mostRows) of \(known.count) shown)" : ""
        let silent = songs.count - known.count
        let omitted = silent > 0 ? " \(Numerals.count(silent, "song")) without tags left out." : ""
        let most = tags.values.map(\.count).max() ?? 0
        let titles: [String] = (1...max(1, most)).map { "tag \($0)" }
        var table = HTMLTable(
            ["song"] + names.flatMap { _ in ["true", "pred."] } + ["error"] + titles,
            numbers: Set(1...numbers),
            caption:
                "\(caption), largest error first\(shown). Ratings and predictions (pred.)\(scale), their mean absolute "
                + "error\(unit), and the tags that the network finds most probable, with their mean probability over "
                + "the song.\(omitted) Click a heading to sort.")
        table.isSortable = true
        table.namesRows = true
        table.groups = [("", 1)] + names.map { ($0, 2) }
        table.rows = known.prefix(mostRows).map { song -> [String] in
            let own = (tags[song.id] ?? []).map {
                "\(ShortText.end($0.name, to: 40)) \(Numerals.fixed($0.probability, 2))"
            }
            return [song.id] + SongSection.cells(song, names) + own
                + [String](repeating: "", count: max(0, most - own.count))
        }
        return table.html
    }

    /// Tags by song id; cells that are not a tag with a probability are left out.
    static func tags(_ table: Table) -> [String: [Tag]] {
        guard let id = table.column("song_id") else { return [:] }
        let places = table.columns.indices.compactMap { place -> (tag: Int, probability: Int)? in
            let words = table.columns[place].split(separator: "_", maxSplits: 1)
            guard words.count == 2, words[0] == "tag", let other = table.column("probability_\(words[1])") else {
                return nil
            }
            return (place, other)
        }
        return Dictionary(
            table.rows.map { row in
                (
                    row[id],
                    places.compactMap { tag, probability in
                        guard !row[tag].isEmpty, let number = Double(row[probability]), number.isFinite else {
                            return nil
                        }
                        return Tag(name: row[tag], probability: number)
                    }
                )
            }, uniquingKeysWith: { first, _ in first })
    }
}
