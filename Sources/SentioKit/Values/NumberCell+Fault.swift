extension NumberCell {
    /// Why a cell is no number, for a sentence that ends `valence_mean is …`: the cell, what is wrong with it and the cure.
    /// - parameter canBeMissing: whether an empty cell would do.
    public static func fault(_ cell: String, canBeMissing: Bool = false) -> String {
        let shown = "`\(Excerpt.text(cell))`"
        if cell.unicodeScalars.contains(where: { $0.value == 0 }) {
            return "\(shown), which holds a NUL byte (`\\0`); the file is damaged, so copy or export it again"
        }
        if cell.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "\(shown), which holds a control character"
        }
        let word = cell.lowercased().split(separator: " ").joined()
        if Double(word)?.isInfinite ?? false { return "\(shown), not a finite number" }
        if Double(word) == 0, !saysZero(word.utf8) { return "\(shown), nearer to 0 than any number of 64 bits; write 0" }
        if canBeMissing, missingWords.contains(word) { return "\(shown), not a number; a missing value is an empty cell" }
        if word.hasPrefix("0x") || word.hasPrefix("-0x") || word.hasPrefix("+0x") {
            return "\(shown), a hexadecimal number; write it in decimal notation"
        }
        if present(word) != nil { return "\(shown), with a space in it; write \(word)" }
        return "\(shown), " + (separated(word) ?? trailing(word) ?? "not a number")
    }

    /// What people and programs write for a value that is not there.
    private static let missingWords: Set<String> = ["na", "n/a", "null", "none", "-", "--", "?", "#n/a", "missing"]

    /// Decimal commas, separators of thousands and signs that are not `-`.
    private static func separated(_ word: String) -> String? {
        if let first = word.unicodeScalars.first, ["−", "–", "—", "‐", "‑"].contains(first) {
            let rest = String(word.unicodeScalars.dropFirst())
            return present(rest) == nil ? nil : "with a sign that is not the minus sign `-`; write -\(rest)"
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
            return (points > 1 ? without(".") : without(" ")).map { "with a thousands separator; write \($0)" }
        case (1, 0):
            guard let decimal = without(" ", point: ","), let whole = without(",") else { return nil }
            let isThousands = plain.split(separator: ",").last?.count == 3 && plain.split(separator: ",").count == 2
            return isThousands
                ? "with a comma, a decimal comma or a thousands separator; write \(decimal) or \(whole)"
                : "with a decimal comma; write \(decimal)"
        default:
            let isDecimalComma =
                commas == 1 && (plain.lastIndex(of: ",") ?? plain.startIndex) > (plain.lastIndex(of: ".") ?? plain.startIndex)
            return (isDecimalComma ? without(".", point: ",") : without(",")).map {
                isDecimalComma ? "with a decimal comma and thousands separators; write \($0)" : "with a thousands separator; write \($0)"
            }
        }
    }

    /// A number and then something else.
    private static func trailing(_ word: String) -> String? {
        let head = word.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        guard !head.isEmpty, head.count < word.count, present(String(head)) != nil else { return nil }
        let rest = Excerpt.text(String(word.dropFirst(head.count)))
        return "not a number: `\(rest)` follows \(head)"
    }
}
