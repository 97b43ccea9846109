import SentioKit

/// What a table of ratings of unknown form holds: which column is which, and the dimensions. Unlike `song-dataset`, it
/// also decides where names alone leave a doubt, and says so.
struct RatingTableGuess {
    /// Columns that do not have their standard names, by these names.
    private(set) var columns: [(name: String, column: String)] = []
    /// The rated dimensions.
    private(set) var dimensions: [String]
    private(set) var findings: [DatasetInspection.Finding] = []

    /// - parameter songs: ids of the songs that have sound, which decide between columns that may hold the ids.
    init(_ file: TableFile, songs: Set<String>) {
        let table = file.table, place = "\(file.path):\(file.headerLine)"
        let standard = RatingParameters.dimensions.defaultValue ?? []
        let missing = standard.map { $0 + "_mean" }.filter { table.column($0) == nil }
        let means = ColumnNames.guesses(for: missing, among: table.columns, dimensions: standard)
        let rated = standard.filter { dimension in
            let name = dimension + "_mean"
            return table.column(name) != nil || means.contains { $0.name == name }
        }
        let own = table.columns.filter(ColumnNames.isMean).map { String($0.dropLast("_mean".count)) }
        dimensions = !rated.isEmpty ? rated : own.isEmpty ? standard : own
        if table.column(ColumnNames.song) == nil, let id = Self.songColumn(table, songs, place, &findings) {
            columns.append((ColumnNames.song, id))
        }
        if !rated.isEmpty { columns += means }
        for name in dimensions.map({ $0 + "_std" }) where table.column(name) == nil && !columns.isEmpty {
            let rest = table.columns.filter { column in !columns.contains { $0.column == column } }
            columns += ColumnNames.certain(for: [name], among: rest, dimensions: dimensions) ?? []
        }
        if !columns.isEmpty {
            findings.append(
                .init(
                    .note, place, "the table is read with \(ColumnNames.reading(columns))",
                    advice: "If that is wrong, correct `columns:`."))
        }
        if !rated.isEmpty, rated.count < standard.count {
            let absent = standard.filter { !rated.contains($0) }
            findings.append(
                .init(
                    .warning, place,
                    "there are no ratings of \(IDList.all(absent)), so only \(IDList.all(rated)) is used",
                    advice: "If a column holds them, name it under `columns:`."))
        } else if rated.isEmpty, !own.isEmpty {
            findings.append(
                .init(
                    .note, place, "the songs are rated in \(IDList.all(own)), not in \(IDList.all(standard))",
                    advice: "`dimensions:` names them."))
        }
        let used = Set(columns.map(\.column) + [ColumnNames.song] + dimensions.flatMap { [$0 + "_mean", $0 + "_std"] })
        let idle = table.columns.filter { !$0.isEmpty && !used.contains($0) }
        if !idle.isEmpty {
            findings.append(
                .init(
                    .note, place, "not used: \(IDList.text(idle.map { "`\(Excerpt.text($0))`" }))",
                    advice: "Artists, genres and other metadata are read from metadata.csv."))
        }
    }

    /// The column of ids: of several likely ones, the one that names most songs.
    private static func songColumn(
        _ table: Table, _ songs: Set<String>, _ place: String, _ findings: inout [DatasetInspection.Finding]
    ) -> String? {
        let likely = ColumnNames.candidates(for: ColumnNames.song, among: table.columns, dimensions: [])
        guard likely.count > 1 else { return likely.first }
        func matches(_ column: String) -> Int {
            guard let place = table.column(column) else { return 0 }
            return table.rows.count { songs.contains(SongID.withoutExtension($0[place]) ?? $0[place]) }
        }
        let first = ColumnNames.guesses(for: [ColumnNames.song], among: table.columns, dimensions: []).first?.column
        let counted = likely.map { (column: $0, count: matches($0)) }
        let most = counted.map(\.count).max() ?? 0
        let best = counted.filter { $0.count == most }
        let chosen = best.contains { $0.column == first } ? first : best.first?.column
        let others = likely.filter { $0 != chosen }.map { "`\(Excerpt.text($0))`" }
        findings.append(
            .init(
                best.count == 1 ? .note : .warning, place,
                "several columns may hold the ids; `\(Excerpt.text(chosen ?? ""))` "
                    + (best.count == 1 ? "names the most songs (\(most))" : "is taken, not \(IDList.all(others))"),
                advice: "Another one can be named under `columns:`."))
        return chosen
    }
}
