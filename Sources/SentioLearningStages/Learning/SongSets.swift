import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Which of several sets each song is from, for scores within each: a model that only tells the sets apart can score
/// well on all songs together and predict nothing within a set.
struct SongSets {
    static let parameter = Parameter<String?>(
        "within", default: .some(nil),
        "Labels column: also report scores within each of its values, beside a baseline that knows only these. null: "
            + "`source`, if the labels have that column and it has several values; none: no such scores.",
        keepsDefaultInKey: false)

    /// The column of united datasets.
    private static let sourceColumn = "source"
    private static let none = "none"
    /// A column with more values hardly names sets.
    private static let mostSets = 100

    let column: String
    private let setOf: [String: String]

    /// The sets of songs; nil where there are none or scores within them are turned off.
    /// - throws: `StageFailure` for a column that the labels lack or that has too many values.
    static func read(_ configuration: Configuration, _ labels: InputTable, songs: [String]) throws -> SongSets? {
        let given = configuration[Self.parameter], column = given ?? sourceColumn
        if given == none { return nil }
        guard labels.columns.contains(column) else {
            guard given != nil else { return nil }
            let hint = Suggestion.nearest(to: column, among: labels.columns).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "The labels have no column `\(column)` for `within`; they have \(IDList.text(labels.columns)).\(hint)")
        }
        let cells = try labels.rows(for: songs, columns: [column]).map { $0[0] }
        let count = Set(cells.filter { !$0.isEmpty }).count
        if given == nil, count < 2 || count > mostSets { return nil }
        guard count <= mostSets else {
            throw StageFailure(
                "The labels' column `\(column)` has \(count) values; `within` takes at most \(mostSets). Choose a "
                    + "column whose values many songs share.")
        }
        let pairs = zip(songs, cells).filter { !$0.1.isEmpty }
        return SongSets(
            column: column, setOf: Dictionary(pairs.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The row indices of the songs of each set, in order of the sets' names; songs of no set are left out.
    func members(_ songs: [String]) -> [(name: String, rows: [Int])] {
        var rows: [String: [Int]] = [:]
        for (row, song) in songs.enumerated() {
            if let name = setOf[song] { rows[name, default: []].append(row) }
        }
        return rows.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, rows[$0] ?? []) }
    }

    /// Predictions from the set of a song alone: the mean rating of its set's training songs, or of all training songs
    /// where the set has none.
    /// - parameter ratings: training songs × dimensions.
    /// - returns: songs × dimensions.
    func meanPredictions(for songs: [String], training: [String], ratings: Matrix) -> Matrix {
        func means(_ rows: [Int]) -> [Double] {
            let part = ratings.selecting(rows: rows)
            return (0..<ratings.columns).map { part.column($0).reduce(0, +) / Double(rows.count) }
        }
        let all = means(Array(training.indices))
        let own = Dictionary(uniqueKeysWithValues: members(training).map { ($0.name, means($0.rows)) })
        let values = songs.flatMap { song -> [Double] in setOf[song].flatMap { own[$0] } ?? all }
        return Matrix(rows: songs.count, columns: ratings.columns, values: values)
    }
}
