/// The faults of a table, collected while it is read so that all are reported at once. A fault that more than two cells
/// of a column share is one line.
public struct TableFaults: Sendable, Equatable {
    /// Faults that one line can report together.
    private enum Common: Hashable {
        case cells(column: String, CellFault)
        case rows(cells: Int)
    }

    private struct Group: Sendable, Equatable {
        /// The first two with their messages.
        var first: [CSVError] = []
        var count = 0
        /// The end of the message, after the number of rows.
        let tail: String
    }

    /// Limits on the groups that are counted, on the faults with the place of their cell, and on single messages.
    private static let mostGroups = 10_000, mostPlaces = 100, mostSingle = 10

    private var groups: [Common: Group] = [:]
    private var single: [CSVError] = []
    private var places = 0
    /// Number of faults; a line may report several.
    public private(set) var count = 0
    /// Number of rows that were checked.
    public var rows = 0

    /// No faults yet.
    public init() {}

    /// A fault because of which there is no table.
    public init(_ error: CSVError) { add(error) }

    /// Whether no fault was found.
    public var isEmpty: Bool { count == 0 }

    /// Adds a fault that is reported on its own.
    /// - Parameters:
    ///   - line: line of the row.
    ///   - place: the place of the cell; nil for a fault of the row. Evaluated for the first faults only: finding it
    ///     takes a search.
    public mutating func add(
        _ problem: @autoclosure () -> String, line: Int, at place: @autoclosure () -> (line: Int, column: Int)?
    ) {
        count += 1
        if single.count < Self.mostSingle { single.append(fault(problem(), line, place())) }
    }

    mutating func add(_ error: CSVError) {
        add(error.problem, line: error.line, at: error.column.map { (line: error.line, column: $0) })
    }

    /// Adds a fault of a cell that other cells of its column may share.
    /// - Parameter example: the end of the common message, after the number of rows.
    public mutating func add(
        _ kind: CellFault, of column: String, _ problem: @autoclosure () -> String, example: @autoclosure () -> String,
        line: Int,
        at place: @autoclosure () -> (line: Int, column: Int)?
    ) {
        add(.cells(column: column, kind), problem, example, line, place)
    }

    /// Adds a row with more or fewer cells than the header.
    mutating func addRow(
        of cells: Int, _ problem: @autoclosure () -> String, example: @autoclosure () -> String, line: Int,
        at place: @autoclosure () -> (line: Int, column: Int)?
    ) {
        add(.rows(cells: cells), problem, example, line, place)
    }

    private mutating func add(
        _ common: Common, _ problem: () -> String, _ example: () -> String, _ line: Int,
        _ place: () -> (line: Int, column: Int)?
    ) {
        count += 1
        guard groups[common] != nil || groups.count < Self.mostGroups else { return }
        if (groups[common]?.count ?? 0) < 2 {
            let fault = fault(problem(), line, place())
            groups[common, default: Group(tail: example())].first.append(fault)
        }
        groups[common]?.count += 1
    }

    private mutating func fault(_ problem: String, _ line: Int, _ place: @autoclosure () -> (line: Int, column: Int)?)
        -> CSVError
    {
        places += 1
        guard places <= Self.mostPlaces, let place = place() else { return CSVError(problem: problem, line: line) }
        return CSVError(problem: problem, line: place.line, column: place.column)
    }

    // MARK: Reporting

    /// The first lines in the order of the table, and the number of faults that they leave out.
    public func lines(limit: Int = 10) -> (shown: [CSVError], more: Int) {
        var lines = single.map { (error: $0, count: 1) }
        for (common, group) in groups {
            if group.count <= 2 {
                lines += group.first.map { (error: $0, count: 1) }
            } else if let first = group.first.first {
                let problem =
                    head(common) + (group.count == rows ? "all" : "\(group.count) of") + " \(rows) rows" + group.tail
                lines.append(
                    (error: CSVError(problem: problem, line: first.line, column: first.column), count: group.count))
            }
        }
        lines.sort { left, right in
            (left.error.line, left.error.column ?? 0, left.error.problem) < (
                right.error.line, right.error.column ?? 0, right.error.problem
            )
        }
        let shown = lines.prefix(limit)
        return (shown.map(\.error), count - shown.reduce(0) { $0 + $1.count })
    }

    private func head(_ common: Common) -> String {
        if case .cells(let column, let kind) = common { return "\(column) \(kind.phrase) in " }
        return ""
    }

    /// Number of cells with this kind of fault, in all columns.
    public func count(of kind: CellFault) -> Int {
        groups.reduce(0) { sum, entry in
            if case .cells(_, kind) = entry.key { return sum + entry.value.count }
            return sum
        }
    }

    /// The columns, in byte order, that contain text or words for missing values in at least half of the rows.
    public var textColumns: [String] {
        var cells: [String: Int] = [:], words: Set<String> = []
        for (common, group) in groups {
            guard case .cells(let column, let kind) = common, kind == .text || kind == .missingWord else { continue }
            cells[column, default: 0] += group.count
            if kind == .text { words.insert(column) }
        }
        return words.filter { (cells[$0] ?? 0) * 2 >= rows }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
