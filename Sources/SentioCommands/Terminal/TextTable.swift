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

    /// - parameter paint: colours a cell after it has been padded.
    func lines(paint: (_ row: Int?, _ column: Int, _ text: String) -> String = { _, _, text in text }) -> [String] {
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String], row: Int?) -> String {
            var out = ""
            for (column, cell) in cells.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == cells.count - 1
                out += paint(row, column, right.contains(column) ? space + cell : isLast ? cell : cell + space)
                if !isLast { out += "  " }
            }
            while out.last == " " { out.removeLast() }
            return out
        }
        return [line(header, row: nil)] + rows.enumerated().map { line($0.element, row: $0.offset) }
    }
}
