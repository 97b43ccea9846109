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
    func lines(width: Int? = nil, paint: ((_ row: Int?, _ column: Int, _ text: String) -> String)? = nil) -> [String] {
        let cells = ([header] + rows).map { row in
            row.enumerated().map { Cell($1, $0 == 0 && row.count > 1 ? width.map { max(12, $0 / 3) } : nil) }
        }
        let widths = header.indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
        let last = header.count - 1
        let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        return cells.enumerated().map { index, cells in
            var out = ""
            out.reserveCapacity(before + 40)
            for (column, cell) in cells.enumerated() {
                var cell = cell
                if column == last, let width { cell.cut(to: max(12, width - before)) }
                let space = max(0, widths[column] - cell.width)
                if let paint {
                    let blank = String(repeating: " ", count: space)
                    let padded = right.contains(column) ? blank + cell.text : column == last ? cell.text : cell.text + blank
                    out += paint(index == 0 ? nil : index - 1, column, padded)
                } else {
                    if right.contains(column) { Self.add(space, to: &out) }
                    out += cell.text
                    if column < last, !right.contains(column) { Self.add(space, to: &out) }
                }
                if column < last { out += "  " }
            }
            while out.utf8.last == UInt8(ascii: " ") { out.unicodeScalars.removeLast() }
            return out
        }
    }

    private static func add(_ spaces: Int, to text: inout String) {
        for _ in 0..<spaces / 8 { text += "        " }
        for _ in 0..<spaces % 8 { text += " " }
    }

    /// A text on one line, and how wide it is.
    private struct Cell {
        var text: String
        var width: Int

        /// - parameter most: a longer one is shortened in its middle.
        init(_ text: String, _ most: Int?) {
            // Nearly all cells are plain ASCII, where bytes are columns.
            if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                (self.text, width) = (text, text.utf8.count)
            } else {
                self.text = Words.plain(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
                width = self.text.count
            }
            if let most, width > most {
                self.text = Words.shortened(self.text, to: most)
                width = self.text.count
            }
        }

        mutating func cut(to most: Int) {
            if width > most { (text, width) = (Words.cut(text, to: most), most) }
        }
    }

    /// The widest line, uncut.
    var width: Int { lines().map(\.count).max() ?? 0 }
}
