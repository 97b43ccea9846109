import SentioKit

/// The songs of a dataset, whatever they came from, on their way into `audio` and `labels`.
struct SongTable {
    struct Song {
        let id: String
        /// The name under which the sound is exported: `12.mp3`.
        let file: String
        let audio: BlobReference
        let means: [Double]
        let spreads: [String]
        let metadata: [String]
    }

    let dimensions: [String]
    let metadataColumns: [String]
    let songs: [Song]

    /// The columns of labels that are not metadata: song_id, valence, valence_std…
    static func ratingColumns(_ dimensions: [String]) -> [String] { ["song_id"] + dimensions.flatMap { [$0, $0 + "_std"] } }

    /// Rows in byte order of ids, so that the order of the user's file does not matter.
    var labels: Table {
        let sorted = songs.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        return Table(
            columns: Self.ratingColumns(dimensions) + metadataColumns,
            rows: sorted.map { song in
                [song.id] + zip(song.means, song.spreads).flatMap { [NumberText.short($0), $1] } + song.metadata
            })
    }
}
