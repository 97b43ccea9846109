package import SentioKit

extension Table {
    /// The cell of a song.
    package func cell(_ song: String, _ column: String) -> String? {
        guard let id = self.column("song_id"), let column = self.column(column) else { return nil }
        return rows.first { $0[id] == song }?[column]
    }

    /// The songs that a table of a split puts into a set.
    package func songs(in set: String) -> [String] { rows.filter { $0[1] == set }.map { $0[0] } }
}
