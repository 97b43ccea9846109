package import SentioKit
package import SentioLearn

/// A split, read from its table: the set of each song.
package struct SplitTable {
    /// Ids by set, in byte order.
    package let songs: [SplitSet: [String]]
    /// All ids, in byte order.
    package let ids: [String]
    /// The group of each song, by id; empty if the table has no groups.
    package let groups: [String: String]
    /// The recordings that songs are copies of, by id; nil if the split was made without `duplicates`.
    package let recordings: [String: String]?
    /// The sources of the other songs of the same recording, by id.
    package let copies: [String: [ContentHash]]

    /// - throws: `StageFailure` for a cell that is not the name of a set.
    package init(_ table: InputTable) throws {
        let hasGroups = table.columns.contains("group")
        let ids = table.ids
        let rows = try table.rows(for: ids, columns: hasGroups ? ["set", "group"] : ["set"])
        var songs: [SplitSet: [String]] = [:], groups: [String: String] = [:]
        for (id, row) in zip(ids, rows) {
            guard let set = SplitSet(rawValue: row[0]) else {
                throw StageFailure(
                    "The split on `\(table.port)` puts song \(id) into `\(Excerpt.text(row[0]))`; a set is train, "
                        + "validation or test."
                )
            }
            songs[set, default: []].append(id)
            if hasGroups, !row[1].isEmpty { groups[id] = row[1] }
        }
        self.ids = ids
        self.songs = songs
        self.groups = groups
        recordings = try RecordingNames.present(in: table)
        copies = RecordingNames.copies(recordings ?? [:], in: table)
    }

    package func songs(in sets: [SplitSet]) -> [String] {
        let wanted = Set(sets.flatMap { songs[$0] ?? [] })
        return ids.filter { wanted.contains($0) }
    }
}
