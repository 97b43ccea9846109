import SentioBase
import SentioKit

/// Reads ratings: `song_id` and, for each dimension, `<dimension>_mean` (for `targets`: `<dimension>` first) and
/// perhaps `<dimension>_std`. Other columns are ignored (DEAM's file of full songs has many). Every problem names file,
/// line, column and song, and all of them are reported at once.
struct AnnotationReader {
    /// What was read.
    struct Ratings {
        /// In the order of the files.
        var songs: [RatedSong] = []
        /// The songs of all rows, including faulty ones, and their places.
        var rows: [(id: String, place: String)] = []

        /// What the tables were taken to mean.
        var notes: [ReadingNote] = []

        var ids: Set<String> { Set(rows.map(\.id)) }

        /// Reads ids such as `12.mp3` as `12` if only that names any of these songs.
        mutating func dropExtensions(naming known: Set<String>) {
            guard let plain = SongID.withoutExtensions(ids, naming: known),
                let first = rows.first(where: { plain[$0.id] != $0.id })
            else { return }
            notes.append(
                ReadingNote(
                    place: first.place,
                    text: "the ids end in the extension of an audio file; `\(Excerpt.text(first.id))` is read as song "
                        + Excerpt.text(plain[first.id] ?? first.id), advice: ""))
            rows = rows.map { (plain[$0.id] ?? $0.id, $0.place) }
            songs = songs.map {
                RatedSong(id: plain[$0.id] ?? $0.id, means: $0.means, spreads: $0.spreads, place: $0.place)
            }
        }
    }

    let parameters: RatingParameters
    let context: StageContext

    private var dimensions: [String] { parameters.dimensions }
    private var names: ColumnNames { parameters.columns }
    private static func text(_ scale: ClosedRange<Double>) -> String {
        "from \(NumberText.short(scale.lowerBound)) to \(NumberText.short(scale.upperBound))"
    }

    private typealias Places = (id: Int, dimensions: [(mean: Int, spread: Int?)])

    /// - parameter faults: collects the problems of the files.
    func read(_ files: [(path: String, bytes: [UInt8])], _ faults: inout DatasetFaults) -> Ratings {
        var ratings = Ratings()
        var places: [String: (path: String, line: Int)] = [:]
        for file in files {
            let file = TableFile(file.bytes, path: file.path, names: names)
            file.noteFormat(context.services.log)
            var found = file.faults
            if file.table.columns.isEmpty {
                faults.add(found, of: file.path)
            } else if let (columns, assumed) = columns(of: file) {
                if !assumed.isEmpty { ratings.notes.append(note(assumed, file)) }
                let table = withPoints(file, columns, &ratings.notes)
                read(table, of: file, columns, &places, &ratings, &found)
                faults.add(
                    found, of: file.path, opening: "The ratings cannot be used", cures: cures(table, columns, found))
            } else {
                let (problem, cures) = headerFault(file)
                found.add(problem, line: file.headerLine, at: nil)
                faults.add(found, of: file.path, cures: cures)
            }
        }
        return ratings
    }

    /// - parameter table: the rows of the file, with points in place of decimal commas.
    private func read(
        _ table: Table, of file: TableFile, _ columns: Places,
        _ places: inout [String: (path: String, line: Int)], _ ratings: inout Ratings, _ faults: inout TableFaults
    ) {
        for (number, (row, line)) in zip(table.rows, table.lines).enumerated() {
            let id = row[columns.id]
            func add(_ column: Int, _ problem: String) {
                faults.add(problem, line: line, at: file.place(row: number, column: column))
            }
            if let problem = SongID.problem(id) {
                add(columns.id, problem)
                continue
            }
            if let first = places[id] {
                let place = first.path == file.path ? "line \(first.line)" : "\(first.path):\(first.line)"
                add(columns.id, "song \(id) is rated a second time (first in \(place))")
                continue
            }
            places[id] = (file.path, line)
            ratings.rows.append((id, "\(file.path):\(line)"))
            var means: [Double] = [], spreads: [String] = []
            for (column, scale) in zip(columns.dimensions, parameters.scales) {
                if let fault = fault(row[column.mean], scale) {
                    let name = table.columns[column.mean]
                    faults.add(
                        fault.kind, of: name, "song \(id): \(name) \(fault.text)", example: fault.example, line: line,
                        at: file.place(row: number, column: column.mean))
                } else if let mean = NumberCell.present(row[column.mean]) {
                    means.append(mean)
                }
                let spread = column.spread.map { row[$0] } ?? ""
                if let place = column.spread, let fault = spreadFault(spread) {
                    let name = table.columns[place]
                    faults.add(
                        fault.kind, of: name, "song \(id): \(name) \(fault.text)", example: fault.example, line: line,
                        at: file.place(row: number, column: place))
                }
                spreads.append(spread)
            }
            if means.count == dimensions.count {
                ratings.songs.append(RatedSong(id: id, means: means, spreads: spreads, place: "\(file.path):\(line)"))
            }
        }
    }

    // MARK: Cells

    /// What is wrong with a mean, to follow its column's name, and an example to follow the number of rows with the
    /// fault.
    private func fault(_ cell: String, _ scale: ClosedRange<Double>) -> (
        kind: CellFault, text: String, example: String
    )? {
        if cell.isEmpty { return (.empty, "is empty", "") }
        guard let number = NumberCell.present(cell) else {
            let fault = NumberCell.reason(cell)
            let isMissing = NumberCell.read(cell)?.isNaN ?? false
            return (isMissing ? .empty : fault.kind, "is \(fault.text)", fault.example)
        }
        guard !scale.contains(number) else { return nil }
        return (
            .outsideScale, "is \(cell), outside the scale \(Self.text(scale))",
            ", such as \(cell); the scale is \(Self.text(scale))"
        )
    }

    private func spreadFault(_ cell: String) -> (kind: CellFault, text: String, example: String)? {
        if cell.isEmpty { return nil }
        guard let number = NumberCell.present(cell) else {
            let fault = NumberCell.reason(cell)
            return (fault.kind, "is \(fault.text)", fault.example)
        }
        return number < 0 ? (.negative, "is `\(cell)`, not a number of 0 or more", ", such as `\(cell)`") : nil
    }

    /// The table with points in place of decimal commas, if it has these beyond doubt.
    private func withPoints(_ file: TableFile, _ columns: Places, _ notes: inout [ReadingNote]) -> Table {
        var table = file.table
        let means = columns.dimensions.map(\.mean), spreads = columns.dimensions.compactMap(\.spread)
        func cells(_ places: [Int]) -> [String] { table.rows.flatMap { row in places.map { row[$0] } } }
        guard DecimalComma.isCertain(means: cells(means), spreads: cells(spreads), scale: widest) else { return table }
        var first: (cell: String, line: Int)?
        for row in table.rows.indices {
            for column in means + spreads {
                let cell = table.rows[row][column], point = DecimalComma.withPoint(cell)
                if first == nil, point != cell { first = (cell, table.lines[row]) }
                table.rows[row][column] = point
            }
        }
        if let first {
            notes.append(
                ReadingNote(
                    place: "\(file.path):\(first.line)",
                    text: "the ratings have decimal commas; `\(first.cell)` is read as "
                        + DecimalComma.withPoint(first.cell), advice: ""))
        }
        return table
    }

    /// The range of numbers that some dimension allows.
    private var widest: ClosedRange<Double> {
        (parameters.scales.map(\.lowerBound).min() ?? 0)...(parameters.scales.map(\.upperBound).max() ?? 0)
    }

    private func cures(_ table: Table, _ columns: Places, _ faults: TableFaults) -> [String] {
        // Many ratings outside the scale are not typos.
        guard faults.count(of: .outsideScale) > 2 else { return ["Correct or remove these lines."] }
        guard parameters.scaleOption == RatingParameters.scale.name else {
            return ["Correct these lines, or give the column its true scale in `\(parameters.scaleOption)`."]
        }
        let means = table.rows.flatMap { row in columns.dimensions.compactMap { NumberCell.present(row[$0.mean]) } }
        guard let low = means.min(), let high = means.max() else { return [] }
        let wide = RatingParameters.likelyScale(low, high)
        return [
            "The ratings range from \(NumberText.short(low)) to \(NumberText.short(high)). If they use another scale, "
                + "set it: `--set '\(context.option("scale"))=[\(NumberText.short(wide.lowerBound)), "
                + "\(NumberText.short(wide.upperBound))]'`."
        ]
    }

    // MARK: The header

    private var needed: [String] { [ColumnNames.song] + dimensions.map { parameters.names(of: $0)[0] } }

    /// The column of a dimension's ratings; nil if the table has none.
    private func place(of dimension: String, in table: Table, _ names: ColumnNames) -> Int? {
        parameters.names(of: dimension).lazy.compactMap { table.column(names[$0]) }.first
    }

    /// Names of columns that the table lacks; a spread column only if its name is given.
    private func missing(_ table: Table) -> [String] {
        let spreads = dimensions.map { "\($0)_std" }.filter { names.gives($0) }
        let ratings = dimensions.filter { place(of: $0, in: table, names) == nil }.map { parameters.names(of: $0)[0] }
        let song = table.column(names[ColumnNames.song]) == nil ? [ColumnNames.song] : []
        return song + ratings + spreads.filter { table.column(names[$0]) == nil }
    }

    /// Where the columns are, and which of them were recognized by a similar name; nil if one is missing.
    private func columns(of file: TableFile) -> (places: Places, assumed: [(name: String, column: String)])? {
        let table = file.table, missing = missing(table)
        if missing.isEmpty { return places(table, names).map { ($0, []) } }
        // A name that is given but absent is a mistake, not a reason to look for another.
        guard !missing.contains(where: names.gives) else { return nil }
        let free = self.free(table.columns)
        guard var assumed = ColumnNames.certain(for: missing, among: free, dimensions: dimensions) else { return nil }
        for name in dimensions.map({ $0 + "_std" }) where table.column(names[name]) == nil {
            assumed += ColumnNames.certain(for: [name], among: free, dimensions: dimensions) ?? []
        }
        return places(table, names.adding(assumed)).map { ($0, assumed) }
    }

    private func places(_ table: Table, _ names: ColumnNames) -> Places? {
        guard let id = table.column(names[ColumnNames.song]) else { return nil }
        return (
            id,
            dimensions.compactMap { dimension in
                place(of: dimension, in: table, names).map {
                    (mean: $0, spread: table.column(names[dimension + "_std"]))
                }
            }
        )
    }

    /// The columns whose names say nothing yet. `v_mean` may be a rating in a dimension of another name.
    private func free(_ columns: [String]) -> [String] {
        let used = Set((needed + dimensions.map { $0 + "_std" }).map { names[$0] })
        return columns.filter { !used.contains($0) && !ColumnNames.isMean($0) }
    }

    private func note(_ assumed: [(name: String, column: String)], _ file: TableFile) -> ReadingNote {
        ReadingNote(
            place: "\(file.path):\(file.headerLine)", text: "the table is read with \(ColumnNames.reading(assumed))",
            advice: "To read other columns, map them: `--set '\(context.option(parameters.columnsName))="
                + "\(ColumnNames.text(assumed))'`.")
    }

    /// What is wrong with a header that lacks columns, and what to write.
    private func headerFault(_ file: TableFile) -> (problem: String, cures: [String]) {
        let columns = file.table.columns
        let missing = missing(file.table)
        let list = IDList.all(
            missing.map {
                names.gives($0) ? "`\(names[$0])` (given in `\(parameters.columnsName)` for `\($0)`)" : "`\($0)`"
            })
        let wanted = needed.map { names[$0] }.joined(separator: ", ")
        return (
            "there \(missing.count == 1 ? "is no column" : "are no columns") \(list). The table has "
                + "\(IDList.text(columns.filter { !$0.isEmpty })); a table of ratings needs \(wanted)",
            hints(missing, columns)
        )
    }

    /// What the author of a header may have meant.
    private func hints(_ missing: [String], _ columns: [String]) -> [String] {
        let guesses = ColumnNames.guesses(for: missing, among: free(columns), dimensions: dimensions)
        var hints: [String] = []
        if !guesses.isEmpty {
            let renaming = IDList.all(guesses.map { "`\(Excerpt.text($0.column))` to `\(names[$0.name])`" })
            hints.append(
                "Rename \(renaming) in the file, or map the columns: `--set "
                    + "'\(context.option(parameters.columnsName))=\(ColumnNames.text(guesses))'`."
            )
        }
        // `v_mean` and `a_mean` are ratings in dimensions of other names.
        let lost = missing.filter { name in ColumnNames.isMean(name) && !guesses.contains { $0.name == name } }
        let used = Set(needed.map { names[$0] })
        if !lost.isEmpty, columns.contains(where: { ColumnNames.isMean($0) && !used.contains($0) }) {
            let own = columns.filter(ColumnNames.isMean).map { ColumnNames.scalar(String($0.dropLast("_mean".count))) }
            hints.append(
                "If the songs are rated in other dimensions, name them: `--set "
                    + "'\(context.option("dimensions"))=[\(own.joined(separator: ", "))]'`."
            )
        }
        return hints
    }
}
