import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// The parameter `context`, a labels column that assigns each song to a context, for kinds that learn from several
/// datasets.
enum ContextColumn {
    static let parameter = Parameter<String?>(
        "context", default: .some(nil),
        "Labels column whose values are contexts in which ratings mean different things, such as `source` of united "
            + "datasets: the model learns what the contexts share and how each one differs. null: no contexts.",
        keepsDefaultInKey: false)

    /// With fewer training songs, what is estimated for a context is unreliable.
    private static let fewSongs = 10

    /// - throws: `StageFailure` for a column that the labels lack, or one that holds ids or ratings.
    static func check(_ column: String, _ labels: InputTable, dimensions: [String]) throws {
        let ratings = ["song_id"] + dimensions.flatMap { [$0, $0 + "_std"] }
        let usable = labels.columns.filter { !ratings.contains($0) }
        if ratings.contains(column) {
            throw StageFailure(
                "`context: \(column)` names a column of ratings or ids; a context is a category of songs. "
                    + known(usable))
        }
        guard labels.columns.contains(column) else {
            let hint = Suggestion.nearest(to: column, among: usable).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The labels have no column `\(column)` for `context`.\(hint) \(known(usable))")
        }
    }

    private static func known(_ columns: [String]) -> String {
        columns.isEmpty
            ? "The labels have no other columns; a dataset made of several folders has a column `source`."
            : "Columns that can serve as contexts: \(IDList.text(columns))."
    }

    /// Warns about contexts with few training songs and about songs without a context.
    /// - throws: `StageFailure` where no song has a context.
    static func report(_ column: String, _ contexts: SongContexts, _ services: any StageServices) throws {
        let count = contexts.codes.count, without = contexts.codes.count { $0 == nil }
        guard without < count else {
            throw StageFailure(
                "The labels' column `\(column)` is empty for all \(IDList.songs(count)) in training, so it cannot "
                    + "serve as `context`.")
        }
        if without > 0 {
            services.warn(
                "\(without) of \(IDList.songs(count)) in training \(without == 1 ? "has" : "have") no `\(column)` and "
                    + "\(without == 1 ? "contributes" : "contribute") only to what all contexts share.")
        }
        let sizes = contexts.levels.indices.map { level in contexts.codes.count { $0 == level } }
        for (level, size) in zip(contexts.levels, sizes) {
            services.metric("context.\(level).songs", Double(size))
        }
        if contexts.levels.count == 1 {
            services.warn(
                "All training songs have the `\(column)` \(contexts.levels[0]), so the context tells the model "
                    + "nothing. Remove `context`, or train on songs of several contexts.")
        }
        let few = zip(contexts.levels, sizes).filter { $0.1 < fewSongs }.map { "\($0.0) (\($0.1))" }
        if !few.isEmpty {
            services.warn(
                "Fewer than \(fewSongs) training songs have the `\(column)` \(IDList.text(few)); how "
                    + "\(few.count == 1 ? "it differs" : "they differ") from the others is estimated from few songs.")
        }
    }

    /// Warns about songs whose context the model does not know.
    static func reportUnknown(
        _ column: String, _ names: [String?], levels: [String], songs: [String], _ services: any StageServices
    ) {
        let known = Set(levels)
        let strangers = songs.indices.filter { index in !(names[index].map { known.contains($0) } ?? false) }
        guard !strangers.isEmpty else { return }
        let values = Set(strangers.compactMap { names[$0] }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let what = values.isEmpty ? "without a `\(column)`" : "with a `\(column)` that has no training songs"
        let list = values.isEmpty ? "" : " (\(IDList.text(values)))"
        services.warn(
            "\(IDList.songs(strangers.count)) \(what)\(list) \(strangers.count == 1 ? "is" : "are") predicted from "
                + "what the known contexts share: \(IDList.text(strangers.map { songs[$0] })).")
    }

    /// Names of the indicator columns that encode the context for trees: `context=deam`.
    static func names(_ levels: [String]) -> [String] { levels.map { prefix + $0 } }

    private static let prefix = "context="

    /// The contexts whose indicators are the last of these columns; nil where there are none.
    static func levels(ofColumns columns: [String]) -> [String]? {
        let last = columns.reversed().prefix { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return last.isEmpty ? nil : last.reversed()
    }

    /// The features followed by one indicator column per level: 1 for songs of that level, otherwise 0.
    static func append(to features: Matrix, _ contexts: SongContexts, levels: [String]) -> Matrix {
        let codes = contexts.codes(of: levels), width = features.columns + levels.count
        var result = Matrix(rows: features.rows, columns: width)
        result.withUnsafeMutableValues { values in
            for row in 0..<features.rows {
                for (column, value) in features.row(row).enumerated() { values[row * width + column] = value }
                if let level = codes[row] { values[row * width + features.columns + level] = 1 }
            }
        }
        return result
    }
}
