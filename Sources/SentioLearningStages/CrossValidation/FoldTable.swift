import SentioKit
import SentioSongStages

/// Which song is in which fold of which repeat, read from the table that `assign-folds` wrote.
struct FoldTable {
    /// In byte order.
    let ids: [String]
    /// What keeps songs together, one a song.
    let groups: [String]
    /// The fold of each song.
    let folds: [Int]
    /// Seed of the assignment; validation songs drawn later from the same songs start from it.
    let seed: UInt64
    /// The recordings that songs are copies of, by id; nil where the folds were assigned without `duplicates`.
    let recordings: [String: String]?

    /// One repeat's folds.
    /// - throws: `StageFailure` for a table that `assign-folds` did not write, or a repeat that it does not have.
    init(_ table: InputTable, repeat number: Int) throws {
        guard let seed = table.attributes["seed"]?.string.flatMap({ UInt64($0) }) else {
            throw StageFailure("The folds do not say the seed of their assignment; let `assign-folds` write them.")
        }
        self.seed = seed
        ids = table.ids
        var groups: [String] = [], folds: [Int] = []
        for (id, row) in zip(ids, try table.rows(for: ids, columns: ["group", "fold_\(number)"])) {
            guard let fold = Int(row[1]), fold >= 0 else {
                throw StageFailure("Song \(id) is in the fold `\(Excerpt.text(row[1]))`, which is no number.")
            }
            groups.append(row[0])
            folds.append(fold)
        }
        self.groups = groups
        self.folds = folds
        recordings = try RecordingNames.present(in: table)
    }
}

/// How folds are called in names of stages and ports.
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
