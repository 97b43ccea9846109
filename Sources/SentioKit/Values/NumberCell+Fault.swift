extension NumberCell {
    /// Why a cell is not a number.
    public struct Fault: Sendable, Equatable {
        /// To group faults of one column.
        public let kind: CellFault
        /// The cell as written, in backquotes.
        let cell: String
        let cause: String
        let cure: String?

        /// The end of a sentence `valence_mean is …`: the cell, what is wrong with it, and what to write instead.
        public var text: String { "\(cell), \(cause)" + tail }
        /// The end of a sentence about a whole column: ``, such as `3,5`; write 3.5``.
        public var example: String { ", such as \(cell)" + tail }
        private var tail: String { cure.map { "; \($0)" } ?? "" }
    }

    /// Why a cell is not a number, as the end of a sentence `valence_mean is …`.
    /// - Parameter canBeMissing: whether an empty cell is allowed.
    public static func fault(_ cell: String, canBeMissing: Bool = false) -> String {
        reason(cell, canBeMissing: canBeMissing).text
    }

    /// The same in parts.
    public static func reason(_ cell: String, canBeMissing: Bool = false) -> Fault {
        func fault(_ kind: CellFault, _ cause: String, _ cure: String? = nil) -> Fault {
            Fault(kind: kind, cell: "`\(Excerpt.text(cell))`", cause: cause, cure: cure)
        }
        if cell.unicodeScalars.contains(where: { $0.value == 0 }) {
            return fault(.damaged, "which holds a NUL byte (`\\0`)", "the file is damaged, so copy or export it again")
        }
        if cell.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return fault(.control, "which holds a control character")
        }
        let word = cell.lowercased().split(separator: " ").joined()
        if Double(word)?.isInfinite ?? false { return fault(.infinite, "not a finite number") }
        if Double(word) == 0, !saysZero(word.utf8) {
            return fault(.vanishing, "too close to 0 for a 64-bit number", "write 0")
        }
        if canBeMissing, missingWords.contains(word) {
            return fault(.missingWord, "not a number", "a missing value is an empty cell")
        }
        if word.hasPrefix("0x") || word.hasPrefix("-0x") || word.hasPrefix("+0x") {
            return fault(.hexadecimal, "a hexadecimal number", "write it in decimal notation")
        }
        if present(word) != nil { return fault(.space, "with a space in it", "write \(word)") }
        if let (kind, cause, number) = separated(word) { return fault(kind, cause, "write \(number)") }
        if let cause = trailing(word) { return fault(.trailing, cause) }
        return fault(.text, "not a number")
    }

    /// What people and programs write for a missing value.
    private static let missingWords: Set<String> = ["na", "n/a", "null", "none", "-", "--", "?", "#n/a", "missing"]

    /// Detects decimal commas, thousands separators and signs other than `-`; `number` is how to write it.
    private static func separated(_ word: String) -> (kind: CellFault, cause: String, number: String)? {
        if let first = word.unicodeScalars.first, ["−", "–", "—", "‐", "‑"].contains(first) {
            let rest = String(word.unicodeScalars.dropFirst())
            return present(rest) == nil ? nil : (.sign, "with a sign that is not the minus sign `-`", "-\(rest)")
        }
        let plain = String(word.unicodeScalars.filter { !"'’_\u{A0}\u{202F}\u{2009}".unicodeScalars.contains($0) })
        let commas = plain.utf8.count { $0 == UInt8(ascii: ",") }, points = plain.utf8.count { $0 == UInt8(ascii: ".") }
        func without(_ mark: Character, point: Character? = nil) -> String? {
            let text = String(plain.filter { $0 != mark }.map { $0 == point ? "." : $0 })
            return present(text) == nil ? nil : text
        }
        switch (commas, points) {
        case (0, _):
            guard plain != word || points > 1 else { return nil }
            return (points > 1 ? without(".") : without(" ")).map { (.thousands, "with a thousands separator", $0) }
        case (1, 0):
            guard let decimal = without(" ", point: ","), let whole = without(",") else { return nil }
            let isThousands = plain.split(separator: ",").last?.count == 3 && plain.split(separator: ",").count == 2
            return isThousands
                ? (.comma, "with a comma, a decimal comma or a thousands separator", "\(decimal) or \(whole)")
                : (.decimalComma, "with a decimal comma", decimal)
        default:
            let isDecimalComma =
                commas == 1
                && (plain.lastIndex(of: ",") ?? plain.startIndex) > (plain.lastIndex(of: ".") ?? plain.startIndex)
            return (isDecimalComma ? without(".", point: ",") : without(",")).map {
                isDecimalComma
                    ? (.decimalCommaAndThousands, "with a decimal comma and thousands separators", $0)
                    : (.thousands, "with a thousands separator", $0)
            }
        }
    }

    /// Detects text after a number.
    private static func trailing(_ word: String) -> String? {
        let head = word.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        guard !head.isEmpty, head.count < word.count, present(String(head)) != nil else { return nil }
        let rest = Excerpt.text(String(word.dropFirst(head.count)))
        return "not a number: `\(rest)` follows \(head)"
    }
}
