/// A plain-text table: aligned columns, numbers on the right, no rules.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// Right-aligned columns.
    var right: Set<Int> = []
    /// Whether the first column may be shortened further to make room for the last: for stage names, not for run ids.
    var canShortenNames = false

    init(_ header: [String], right: Set<Int> = []) {
        self.header = header
        self.right = right
    }

    /// - Parameter width: width of the terminal. The first column is limited to a third of it, or less if the last
    ///   column would have no room; the last column, if it is text, is cut at the end of the line. nil: nothing is cut.
    /// - Parameter paint: colors a cell after padding.
    func lines(width: Int? = nil, paint: ((_ row: Int?, _ column: Int, _ text: String) -> String)? = nil) -> [String] {
        let texts = [header] + rows
        var cells = texts.map { row in
            row.enumerated().map {
                Cell($1, $0 == 0 && row.count > 1 ? width.map { max(Self.minimumName, $0 / 3) } : nil)
            }
        }
        var widths = header.indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
        let last = header.count - 1
        var before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        if let width, canShortenNames, last > 0 {
            let missing = before + (right.contains(last) ? widths[last] : min(Self.minimumText, widths[last])) - width
            let narrower = max(Self.minimumName, widths[0] - missing)
            if missing > 0, narrower < widths[0] {
                for row in cells.indices { cells[row][0] = Cell(texts[row][0], narrower) }
                before -= widths[0] - narrower
                widths[0] = narrower
            }
        }
        return cells.enumerated().map { index, cells in
            var out = ""
            out.reserveCapacity(before + 40)
            for (column, cell) in cells.enumerated() {
                var cell = cell
                if column == last, let width, last == 0 || !right.contains(last) {
                    cell.cut(to: max(Self.minimumText, width - before))
                }
                let space = max(0, widths[column] - cell.width)
                if let paint {
                    let blank = String(repeating: " ", count: space)
                    let padded =
                        right.contains(column) ? blank + cell.text : column == last ? cell.text : cell.text + blank
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

    private static let minimumName = 12
    private static let minimumText = 12

    private static func add(_ spaces: Int, to text: inout String) {
        for _ in 0..<spaces / 8 { text += "        " }
        for _ in 0..<spaces % 8 { text += " " }
    }

    /// The text of a cell on one line, and its width.
    private struct Cell {
        var text: String
        var width: Int

        /// - Parameter most: longer text is shortened in the middle.
        init(_ text: String, _ most: Int?) {
            // Nearly all cells are plain ASCII, where one byte is one column.
            if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                (self.text, width) = (text, text.utf8.count)
            } else {
                self.text = Words.plain(text).split(separator: "\n", omittingEmptySubsequences: false).joined(
                    separator: " ")
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

    /// Width of the widest line if nothing is cut.
    var width: Int { lines().map(\.count).max() ?? 0 }
}
