import SentioKit

/// Reports how the rows of a metadata table match the songs of a dataset: without it, a column of artists that matches
/// no song would silently group nothing.
struct MetadataJoin {
    let metadata: SongMetadata
    /// Every id that has a rating or data in the dataset.
    let known: Set<String>
    /// The songs that are kept, in order.
    let songs: [String]

    /// - throws: `StageFailure` if there are rows, but none belongs to a song.
    func check(_ context: StageContext) throws {
        guard !metadata.cells.isEmpty, !metadata.columns.isEmpty, !songs.isEmpty else { return }
        let rows = metadata.cells.keys.sorted { (metadata.lines[$0] ?? 0, $0) < (metadata.lines[$1] ?? 0, $1) }
        let strangers = rows.filter { !known.contains($0) }
        let hint = SongForm(known).hint(strangers, place: metadata.place)
        let table = metadata.paths.joined(separator: ", ")
        guard strangers.count < rows.count else {
            throw StageFailure(
                "No row of \(table) belongs to a song: it describes \(IDList.text(strangers.map(Self.shown))), and "
                    + "the songs are \(IDList.text(songs)).\(hint) Correct its song_ids, or remove the table from the "
                    + "dataset."
            )
        }
        if !strangers.isEmpty {
            let verb =
                strangers.count == 1
                ? "1 row of \(table) belongs" : "\(strangers.count) of \(rows.count) rows of \(table) belong"
            context.services.warn(
                "\(verb) to no song and \(strangers.count == 1 ? "is" : "are") not used: "
                    + "\(IDList.text(strangers.map(Self.shown))).\(hint)"
            )
        }
        let bare = songs.filter { metadata.cells[$0] == nil }
        if !bare.isEmpty {
            let verb = bare.count == 1 ? "has" : "have"
            context.services.warn(
                "\(bare.count) of \(IDList.songs(songs.count)) \(verb) no row in \(table), so "
                    + "\(IDList.text(metadata.columns)) \(metadata.columns.count == 1 ? "is" : "are") empty there: "
                    + "\(IDList.text(bare))."
            )
        }
    }

    private static func shown(_ id: String) -> String { id.isEmpty ? "(no id)" : Excerpt.text(id) }
}
