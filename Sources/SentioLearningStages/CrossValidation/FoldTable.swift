import SentioKit
import SentioSongStages

/// The folds of one repeat, read from the table that `assign-folds` wrote.
struct FoldTable {
    /// In byte order.
    let ids: [String]
    /// The group of each song, whose songs stay together.
    let groups: [String]
    /// The fold of each song.
    let folds: [Int]
    /// Seed of the assignment; drawing validation songs from the same songs starts from it.
    let seed: UInt64
    /// The recordings that songs are copies of, by id; nil where the folds were assigned without `duplicates`.
    let recordings: [String: String]?

    /// One repeat's folds.
    /// - throws: `StageFailure` for a table that `assign-folds` did not write, or a repeat that it does not have.
    init(_ table: InputTable, repeat number: Int) throws {
        guard let seed = table.attributes["seed"]?.string.flatMap({ UInt64($0) }) else {
            throw StageFailure("The table of folds lacks its seed; use a table that `assign-folds` wrote.")
        }
        self.seed = seed
        ids = table.ids
        var groups: [String] = [], folds: [Int] = []
        for (id, row) in zip(ids, try table.rows(for: ids, columns: ["group", "fold_\(number)"])) {
            guard let fold = Int(row[1]), fold >= 0 else {
                throw StageFailure("Song \(id) has the fold `\(Excerpt.text(row[1]))`, which is not a valid number.")
            }
            groups.append(row[0])
            folds.append(fold)
        }
        self.groups = groups
        self.folds = folds
        recordings = try RecordingNames.present(in: table)
    }
}

/// Labels of folds in the names of stages and ports.
enum FoldLabel {
    /// `fold=3`, or `repeat=1,fold=3` where there are several repeats.
    static func outer(_ fold: Int, repeat number: Int, of repeats: Int) -> String {
        repeats > 1 ? "repeat=\(number),fold=\(fold)" : "fold=\(fold)"
    }

    /// The inner folds of a stack.
    static func inner(_ fold: Int) -> String { "inner=\(fold)" }
    /// The copy of a stack's members that is fitted on all training songs.
    static let all = "inner=all"
}
