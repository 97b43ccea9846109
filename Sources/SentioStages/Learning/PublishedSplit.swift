import SentioKit
import SentioLearn

/// A split that somebody published, as a column of the labels.
struct PublishedSplit {
    private let labels: InputTable
    private let column: String

    /// - throws: `StageFailure` where there is no such column.
    init(_ labels: InputTable, column: String) throws {
        guard labels.columns.contains(column) else {
            let nearest = Suggestion.nearest(to: column, among: labels.columns).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "The labels have no column `\(column)` with a published split; they have \(IDList.text(labels.columns)).\(nearest)")
        }
        self.labels = labels
        self.column = column
    }

    /// The set of each song. What a paper did with one artist's songs is only told; one recording in two sets is an error.
    /// - throws: `StageFailure` naming songs whose cell is not a set, or that are one recording in two sets.
    func sets(ids: [String], groups: SongGroups, warn: (String) -> Void) throws -> [String: SplitSet] {
        let cells = try labels.rows(for: ids, columns: [column]).map { $0[0] }
        var sets: [String: SplitSet] = [:]
        for (id, cell) in zip(ids, cells) { sets[id] = SplitSet(rawValue: cell) }
        if let strange = zip(ids, cells).first(where: { sets[$0.0] == nil }) {
            let count = ids.count - sets.count
            let others = count > 1 ? " (and \(IDList.songs(count - 1)) more)" : ""
            throw StageFailure(
                "The column `\(column)` says `\(Excerpt.text(strange.1))` of song \(strange.0)\(others); a set is train, validation or test."
            )
        }
        for (source, twins) in Dictionary(grouping: ids, by: { labels.sources(of: $0) }) where !source.isEmpty {
            guard Set(twins.compactMap { sets[$0] }).count > 1 else { continue }
            throw StageFailure(
                "The songs \(IDList.text(twins)) are one recording, and the column `\(column)` puts them into different sets. Leave out all but one."
            )
        }
        let torn = Dictionary(grouping: ids.indices) { groups.numbers[$0] }.values.count { members in
            Set(members.compactMap { sets[ids[$0]] }).count > 1
        }
        if torn > 0 {
            warn(
                "The published split `\(column)` tears apart \(torn) of \(groups.count) groups: scores may profit from an artist that training knows."
            )
        }
        return sets
    }
}
