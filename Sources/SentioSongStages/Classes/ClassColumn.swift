package import SentioKit

/// The labels column that says which class each song is of, for kinds that predict classes.
package enum ClassColumn {
    package static let parameter = Parameter(
        "classes", default: "genre",
        "Labels column with the class of each song, such as a genre; songs without one are left out.")

    /// A column with more values is hardly one of classes.
    package static let most = 100

    /// - throws: `StageFailure` for a column that the labels lack, or one that holds ids or ratings.
    package static func check(_ column: String, _ labels: InputTable) throws {
        let ratings = ["song_id"] + LabelTable.dimensions(labels.attributes).flatMap { [$0, $0 + "_std"] }
        let usable = labels.columns.filter { !ratings.contains($0) }
        let known =
            usable.isEmpty
            ? "The labels have no other columns; classes come from the dataset's metadata.csv."
            : "Columns that can hold classes: \(IDList.text(usable))."
        if ratings.contains(column) {
            throw StageFailure(
                "`classes: \(column)` names a column of \(column == "song_id" ? "ids" : "ratings"), which are numbers "
                    + "to `ridge`, `svr` or `gbdt`. \(known)")
        }
        guard labels.columns.contains(column) else {
            let hint = Suggestion.nearest(to: column, among: usable).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The labels have no column `\(column)` for `classes`.\(hint) \(known)")
        }
    }

    /// The class of each song, "" for none; the songs enter the stage's ledger.
    /// - throws: `StageFailure` for a missing song or column.
    package static func classes(of songs: [String], _ column: String, _ labels: InputTable) throws -> [String] {
        try labels.rows(for: songs, columns: [column]).map { $0[0] }
    }

    /// The different classes among some, in byte order.
    /// - throws: `StageFailure` for fewer than two or too many, or for a name that tables of predictions use otherwise.
    package static func names(_ classes: [String], _ column: String) throws -> [String] {
        let names = Set(classes.filter { !$0.isEmpty }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard names.count >= 2 else {
            throw StageFailure(
                names.isEmpty
                    ? "The labels' column `\(column)` is empty for all \(IDList.songs(classes.count)) in training, so "
                        + "there are no classes to learn."
                    : "All songs in training have the \(column) \(Excerpt.text(names[0])); a classifier needs at least "
                        + "2 classes.")
        }
        guard names.count <= most else {
            throw StageFailure(
                "The labels' column `\(column)` has \(names.count) values among the training songs; a classifier takes "
                    + "at most \(most) classes. Choose a column whose values many songs share.")
        }
        if names.contains("song_id") {
            throw StageFailure("A class cannot be called `song_id`, which tables of predictions use for ids.")
        }
        return names
    }

    /// The attributes of predictions of classes.
    package static func attributes(_ column: String, _ classes: [String]) -> [String: Value] {
        ["column": .string(column), "classes": .list(classes.map { .string($0) })]
    }

    /// The column and the classes that predictions are of.
    /// - throws: `StageFailure` where the attributes do not say.
    package static func read(_ predictions: InputTable) throws -> (column: String, classes: [String]) {
        let classes = predictions.attributes["classes"]?.list?.compactMap(\.string) ?? []
        guard let column = predictions.attributes["column"]?.string, !classes.isEmpty else {
            throw StageFailure(
                "The predictions on `\(predictions.port)` do not say which classes they are of: the attributes "
                    + "`column` and `classes` are missing.")
        }
        return (column, classes)
    }
}
