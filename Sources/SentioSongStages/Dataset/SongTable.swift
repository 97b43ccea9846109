import SentioBase
import SentioKit

/// The songs of a dataset, whatever their origin, before they are written to `audio` and `labels`.
struct SongTable {
    struct Song {
        let id: String
        /// The name under which the audio is exported: `12.mp3`.
        let file: String
        let audio: BlobReference
        let means: [Double]
        let spreads: [String]
        let metadata: [String]
        /// Ratings over time, if there are any and they are wanted.
        var dynamic: TimeSeries?
    }

    let dimensions: [String]
    let metadataColumns: [String]
    let songs: [Song]

    /// The columns of labels that are not metadata: song_id, valence, valence_std…
    static func ratingColumns(_ dimensions: [String]) -> [String] {
        ["song_id"] + dimensions.flatMap { [$0, $0 + "_std"] }
    }

    var labels: Table {
        Self.labels(
            dimensions: dimensions, metadataColumns: metadataColumns,
            songs: songs.map { (RatedSong(id: $0.id, means: $0.means, spreads: $0.spreads, place: ""), $0.metadata) })
    }

    /// Rows in byte order of ids, so that the order of the user's file does not matter.
    static func labels(dimensions: [String], metadataColumns: [String], songs: [(rated: RatedSong, metadata: [String])])
        -> Table
    {
        let sorted = songs.sorted { $0.rated.id.utf8.lexicographicallyPrecedes($1.rated.id.utf8) }
        return Table(
            columns: ratingColumns(dimensions) + metadataColumns,
            rows: sorted.map { song, metadata in
                [song.id] + zip(song.means, song.spreads).flatMap { [NumberText.short($0), $1] } + metadata
            })
    }
}
