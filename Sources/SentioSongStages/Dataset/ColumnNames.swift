import SentioKit

/// Names of columns in a dataset's tables that differ from the standard names: `{song_id: id, valence_mean: v}`.
struct ColumnNames: ParameterValue, Equatable {
    private let names: [String: String]

    init() { names = [:] }

    init?(parameter value: Value) {
        guard let map = value.map else { return nil }
        var names: [String: String] = [:]
        for (name, value) in map {
            guard let column = String(parameter: value) else { return nil }
            names[name] = column
        }
        self.names = names
    }

    var parameterValue: Value { .map(names.mapValues { .string($0) }) }
    static var accepted: String { "a map of names to the names in the tables, such as {song_id: id, valence_mean: v}" }
    static var schema: Value { ["type": "object", "additionalProperties": String.schema] }

    static let song = "song_id"

    var isEmpty: Bool { names.isEmpty }

    /// The name of a column in the tables.
    subscript(name: String) -> String { names[name] ?? name }

    /// Whether a column's name is given.
    func gives(_ name: String) -> Bool { names[name] != nil }

    /// The name of the song column in a table that may use its own name for it.
    func song(among columns: [String]) -> String { columns.contains(Self.song) ? Self.song : self[Self.song] }

    /// These names and further ones; those that are given stay.
    func adding(_ more: [(name: String, column: String)]) -> ColumnNames {
        ColumnNames(names.merging(more.map { ($0.name, $0.column) }) { given, _ in given })
    }

    private init(_ names: [String: String]) { self.names = names }

    /// What is wrong with the names, as a sentence; nil if nothing is.
    /// - parameter known: those that a column can be given for.
    func problem(known: [String]) -> String? {
        let given = names.keys.sorted()
        if let name = given.first(where: { !known.contains($0) }) {
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            return
                "`\(Excerpt.text(name))` is not a rating column; the rating columns are "
                + "\(known.joined(separator: ", ")).\(hint)"
        }
        if let name = given.first(where: { self[$0].isEmpty }) { return "the column for `\(name)` is missing." }
        let twice = Dictionary(grouping: given) { self[$0] }.values.filter { $0.count > 1 }.min { $0[0] < $1[0] }
        return twice.map { "`\(Excerpt.text(self[$0[0]]))` cannot be both `\($0[0])` and `\($0[1])`." }
    }

    /// Appended to the name of a source: what is read from it depends on the names, so they are part of the stage key.
    /// Empty if no names are given.
    var suffix: String {
        isEmpty
            ? "" : " (" + names.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") + ")"
    }

    // MARK: Guesses

    /// The likely column for each name that a table lacks: `id` for `song_id`, `Valence` or `v` for `valence_mean`.
    static func guesses(for missing: [String], among columns: [String], dimensions: [String]) -> [(
        name: String, column: String
    )] {
        var free = columns.filter { !$0.isEmpty && $0 != song }
        return missing.compactMap { name in
            for form in forms(of: name, dimensions) {
                if let place = free.firstIndex(where: { plain($0) == form }) { return (name, free.remove(at: place)) }
            }
            return nil
        }
    }

    /// The columns that stand for these names without doubt: each name has exactly one column with a likely name, and
    /// no two share it. Nil if that does not hold for all of them.
    static func certain(for missing: [String], among columns: [String], dimensions: [String]) -> [(
        name: String, column: String
    )]? {
        var found: [(name: String, column: String)] = []
        for name in missing {
            let likely = candidates(for: name, among: columns, dimensions: dimensions)
            guard likely.count == 1, !found.contains(where: { $0.column == likely[0] }) else { return nil }
            found.append((name, likely[0]))
        }
        return found
    }

    /// The columns with a likely name, in the order of the table.
    static func candidates(for name: String, among columns: [String], dimensions: [String]) -> [String] {
        let forms = Set(forms(of: name, dimensions))
        return columns.filter { !$0.isEmpty && $0 != song && forms.contains(plain($0)) }
    }

    /// Whether a column has the form of a mean rating: `tension_mean`.
    static func isMean(_ column: String) -> Bool { column.hasSuffix("_mean") && column != "_mean" }

    /// The likely names of a column, the likeliest first.
    private static func forms(of name: String, _ dimensions: [String]) -> [String] {
        if name == song { return songForms }
        for dimension in dimensions {
            let words = Self.words(for: dimension, dimensions)
            if name == dimension + "_mean" {
                return words.flatMap { word in
                    [
                        "\(word)mean", word, "mean\(word)", "\(word)avg", "\(word)average", "avg\(word)",
                        "average\(word)", "\(word)rating",
                    ]
                }
            }
            if name == dimension + "_std" {
                return words.flatMap { ["\($0)std", "\($0)sd", "std\($0)", "sd\($0)"] }
            }
        }
        return [plain(name)]
    }

    /// `valence`, `val` and `v`, without abbreviations that other dimensions share.
    private static func words(for dimension: String, _ dimensions: [String]) -> [String] {
        let own = plain(dimension)
        let short = [3, 1].map { String(own.prefix($0)) }.filter { piece in
            !piece.isEmpty && dimensions.count { plain($0).hasPrefix(piece) } == 1
        }
        return [own] + short
    }

    private static let songForms = [
        "songid", "id", "song", "songname", "songnumber", "trackid", "track", "trackname", "musicid", "clipid", "clip",
        "filename", "file",
        "name", "number",
    ]

    /// Letters and digits in lower case.
    private static func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

    /// What columns were taken to be, for a message: `` `id` as song_id and `v` as valence_mean ``.
    static func reading(_ names: [(name: String, column: String)]) -> String {
        IDList.all(names.map { "`\(Excerpt.text($0.column))` as \($0.name)" })
    }

    /// As a map for the command line: `{song_id: id, valence_mean: "my: v"}`.
    static func text(_ names: [(name: String, column: String)]) -> String {
        "{" + names.map { "\($0.name): \(scalar($0.column))" }.joined(separator: ", ") + "}"
    }

    /// A text as YAML accepts it inside brackets, quoted if necessary.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter ?? false && text.last != " "
            && text.allSatisfy { $0.isLetter || $0.isNumber || "_- .".contains($0) }
        return isPlain ? text : JSON.text(.string(text))
    }
}
