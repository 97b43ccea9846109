/// A table of text for people: columns aligned, numbers to the right, no ruling.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// Columns whose cells stand to the right.
    var right: Set<Int> = []
    /// Whether the first column may be shortened further where the last has no room: names of stages, not ids of runs.
    var namesGiveWay = false

    init(_ header: [String], right: Set<Int> = []) {
        self.header = header
        self.right = right
    }

    /// - parameter width: of the terminal. The first column, names, is then at most a third of it, less where the last
    ///   would have no room, and the last, text, is cut where the line ends. nil: nothing is cut.
    /// - parameter paint: colours a cell after it has been padded.
    func lines(width: Int? = nil, paint: ((_ row: Int?, _ column: Int, _ text: String) -> String)? = nil) -> [String] {
        let texts = [header] + rows
        var cells = texts.map { row in
            row.enumerated().map {
                Cell($1, $0 == 0 && row.count > 1 ? width.map { max(Self.leastName, $0 / 3) } : nil)
            }
        }
        var widths = header.indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
        let last = header.count - 1
        var before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        if let width, namesGiveWay, last > 0 {
            let missing = before + (right.contains(last) ? widths[last] : min(Self.leastText, widths[last])) - width
            let narrower = max(Self.leastName, widths[0] - missing)
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
                    cell.cut(to: max(Self.leastText, width - before))
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

    private static let leastName = 12
    private static let leastText = 12

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

    /// The widest line, uncut.
    var width: Int { lines().map(\.count).max() ?? 0 }
}
