/// What is wrong with a table, collected while it is read, so that all of it is told in one round. What more than two
/// cells of a column have in common is one line.
public struct TableFaults: Sendable, Equatable {
    /// Faults that one line can tell together.
    private enum Common: Hashable {
        case cells(column: String, CellFault)
        case rows(cells: Int)
    }

    private struct Group: Sendable, Equatable {
        /// The first two with their words.
        var first: [CSVError] = []
        var count = 0
        /// What is said behind the number of rows.
        let tail: String
    }

    /// The most faults that are counted by kind, that get the place of their cell, and that are kept with their words.
    private static let mostGroups = 10_000, mostPlaces = 100, mostSingle = 10

    private var groups: [Common: Group] = [:]
    private var single: [CSVError] = []
    private var places = 0
    /// How many faults there are; a line may tell of several.
    public private(set) var count = 0
    /// How many rows were looked at.
    public var rows = 0

    public init() {}

    /// A fault that leaves no table.
    public init(_ error: CSVError) { add(error) }

    public var isEmpty: Bool { count == 0 }

    /// - parameters:
    ///   - line: that of the row.
    ///   - place: where the cell stands, if the fault is one of a cell; asked for the first faults only, for it takes a
    ///   search.
    public mutating func add(
        _ problem: @autoclosure () -> String, line: Int, at place: @autoclosure () -> (line: Int, column: Int)?
    ) {
        count += 1
        if single.count < Self.mostSingle { single.append(fault(problem(), line, place())) }
    }

    mutating func add(_ error: CSVError) {
        add(error.problem, line: error.line, at: error.column.map { (line: error.line, column: $0) })
    }

    /// A cell with a fault that others of its column may have too.
    /// - parameter example: what is said behind the number of such rows.
    public mutating func add(
        _ kind: CellFault, of column: String, _ problem: @autoclosure () -> String, example: @autoclosure () -> String,
        line: Int,
        at place: @autoclosure () -> (line: Int, column: Int)?
    ) {
        add(.cells(column: column, kind), problem, example, line, place)
    }

    /// A row with another number of cells than the header.
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

    // MARK: Telling

    /// The first lines in the order of the table, and how many faults they leave out.
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

    /// How many cells of all columns have a fault.
    public func count(of kind: CellFault) -> Int {
        groups.reduce(0) { sum, entry in
            if case .cells(_, kind) = entry.key { return sum + entry.value.count }
            return sum
        }
    }

    /// The columns, in byte order, of which at least half the rows hold text or words for missing values.
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
