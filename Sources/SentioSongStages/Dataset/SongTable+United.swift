import SentioKit

extension SongTable {
    /// The column that names the folder that a song is from, if there are several.
    static let sourceColumn = "source"

    /// The separator between a folder's name and a song's id.
    static let separator = "-"

    /// The songs of several folders as one table.
    ///
    /// Ids are `NAME-ID`. The metadata columns are those of all folders, empty where a folder lacks one, and `source`
    /// names the folder. A recording that several folders have (the same bytes) is kept once, with id and rating of the
    /// folder whose name comes first; `twins` names such songs. The order of the parts does not matter.
    /// - precondition: the dimensions are the same, and names differ.
    /// - throws: `StageFailure` for ids that clash or are too long.
    static func united(_ parts: [(name: String, table: SongTable)]) throws -> (table: SongTable, twins: [String]) {
        let parts = parts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var columns: [String] = []
        for part in parts { columns += part.table.metadataColumns.filter { !columns.contains($0) } }
        var songs: [Song] = [], twins: [String] = []
        var owners: [String: String] = [:], recordings: [ContentHash: (id: String, part: String)] = [:]
        for (name, table) in parts {
            let places = columns.map { table.metadataColumns.firstIndex(of: $0) }
            for song in table.songs {
                let id = name + separator + song.id
                if let problem = SongID.problem(id) {
                    throw StageFailure("Song \(Excerpt.text(song.id)) of \(name): \(problem).")
                }
                if let other = owners.updateValue(name, forKey: id) {
                    throw StageFailure(
                        "Songs of \(other) and of \(name) would both be called \(id). Give the folders other names: "
                            + "`source: {one: FOLDER, other: FOLDER}`."
                    )
                }
                // Two ids of one recording within one folder are kept, as with a single folder.
                if let first = recordings[song.audio.hash], first.part != name {
                    twins.append("\(id) = \(first.id)")
                    continue
                }
                recordings[song.audio.hash] = recordings[song.audio.hash] ?? (id, name)
                songs.append(
                    Song(
                        id: id, file: name + separator + song.file, audio: song.audio, means: song.means,
                        spreads: song.spreads,
                        metadata: places.map { $0.map { song.metadata[$0] } ?? "" } + [name], dynamic: song.dynamic))
            }
        }
        let table = SongTable(
            dimensions: parts.first?.table.dimensions ?? [], metadataColumns: columns + [sourceColumn], songs: songs)
        return (table, twins)
    }
}
