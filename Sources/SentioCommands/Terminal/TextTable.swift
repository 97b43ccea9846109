/// A table of text for people: columns aligned, numbers to the right, no ruling.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// Columns whose cells stand to the right.
    var right: Set<Int> = []

    init(_ header: [String], right: Set<Int> = []) {
        self.header = header
        self.right = right
    }

    /// - parameter width: of the terminal. The first column, names, is then at most a third of it, and the last, text, is
    ///   cut where the line ends. nil: nothing is cut.
    /// - parameter paint: colours a cell after it has been padded.
    func lines(width: Int? = nil, paint: (_ row: Int?, _ column: Int, _ text: String) -> String = { _, _, text in text }) -> [String] {
        let cells = ([header] + rows).map { fitted($0.map(Self.oneLine), width) }
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let last = header.count - 1
        let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        func line(_ cells: [String], row: Int?) -> String {
            var out = ""
            for (column, cell) in cells.enumerated() {
                var text = cell
                if column == last, let width { text = Words.cut(cell, to: max(12, width - before)) }
                let space = String(repeating: " ", count: max(0, widths[column] - text.count))
                let padded = right.contains(column) ? space + text : column == last ? text : text + space
                out += paint(row, column, padded)
                if column < last { out += "  " }
            }
            while out.last == " " { out.removeLast() }
            return out
        }
        return cells.enumerated().map { line($0.element, row: $0.offset == 0 ? nil : $0.offset - 1) }
    }

    /// The widest line, uncut.
    var width: Int { lines().map(\.count).max() ?? 0 }

    private func fitted(_ cells: [String], _ width: Int?) -> [String] {
        guard let width, cells.count > 1 else { return cells }
        return [Words.shortened(cells[0], to: max(12, width / 3))] + cells.dropFirst()
    }

    private static func oneLine(_ cell: String) -> String {
        Words.plain(cell).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
    }
}
