import SentioKit
import SentioLearn

/// A published split, given as a column of the labels.
struct PublishedSplit {
    private let labels: InputTable
    private let column: String

    /// - throws: `StageFailure` where there is no such column.
    init(_ labels: InputTable, column: String) throws {
        guard labels.columns.contains(column) else {
            let nearest = Suggestion.nearest(to: column, among: labels.columns).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "The labels have no column `\(column)` with a published split; they have "
                    + "\(IDList.text(labels.columns)).\(nearest)"
            )
        }
        self.labels = labels
        self.column = column
    }

    /// The set of each song. A group that the paper spread over several sets only causes a warning. Of the copies of a
    /// recording in several sets, only the held-out ones keep their set, so that the scored sets are those of the
    /// paper; the others have no set.
    /// - parameter recordings: as for `SongGroups`.
    /// - throws: `StageFailure` naming a song whose cell is not the name of a set.
    func sets(
        ids: [String], groups: SongGroups, recordings: [String]? = nil, warn: (String) -> Void
    ) throws -> [String: SplitSet] {
        let cells = try labels.rows(for: ids, columns: [column]).map { $0[0] }
        var sets: [String: SplitSet] = [:]
        for (id, cell) in zip(ids, cells) { sets[id] = SplitSet(rawValue: cell) }
        if let strange = zip(ids, cells).first(where: { sets[$0.0] == nil }) {
            let count = ids.count - sets.count
            let others = count > 1 ? " (and \(IDList.songs(count - 1)) more)" : ""
            throw StageFailure(
                "The column `\(column)` has `\(Excerpt.text(strange.1))` for song \(strange.0)\(others); a set is "
                    + "train, validation or test."
            )
        }
        leaveOutTwins(ids, recordings, &sets, warn: warn)
        let torn = Dictionary(grouping: ids.indices) { groups.numbers[$0] }.values.count { members in
            Set(members.compactMap { sets[ids[$0]] }).count > 1
        }
        if torn > 0 {
            warn(
                "The published split `\(column)` spreads \(torn) of \(groups.count) groups over several sets: scores "
                    + "may be inflated by artists that are in the training set too."
            )
        }
        return sets
    }

    private func leaveOutTwins(
        _ ids: [String], _ recordings: [String]?, _ sets: inout [String: SplitSet], warn: (String) -> Void
    ) {
        var left: [String] = []
        for (source, twins) in Dictionary(grouping: ids, by: { labels.sources(of: $0) }) where !source.isEmpty {
            left += Self.leaveOut(twins, &sets)
        }
        if let recordings {
            var twins: [String: [String]] = [:]
            for (id, name) in zip(ids, recordings) where !name.isEmpty { twins[name, default: []].append(id) }
            for songs in twins.values { left += Self.leaveOut(songs, &sets) }
        }
        guard !left.isEmpty else { return }
        warn(
            "The published split `\(column)` has copies of one recording in different sets; "
                + "\(IDList.songs(left.count)) \(left.count == 1 ? "is" : "are") left out so that only the held-out "
                + "copy is used: \(IDList.text(left.sorted()))."
        )
    }

    /// Of the copies of a recording, keeps those in the set with the highest priority: test, then validation.
    /// - returns: The others, each with one that is kept.
    private static func leaveOut(_ twins: [String], _ sets: inout [String: SplitSet]) -> [String] {
        let order: [SplitSet] = [.test, .validation, .train]
        let found = Set(twins.compactMap { sets[$0] })
        guard found.count > 1, let kept = order.first(where: { found.contains($0) }) else { return [] }
        let stays = twins.first { sets[$0] == kept } ?? ""
        let left = twins.filter { sets[$0] != nil && sets[$0] != kept }
        for twin in left { sets[twin] = nil }
        return left.map { "\($0) (a copy of \(stays))" }
    }
}
