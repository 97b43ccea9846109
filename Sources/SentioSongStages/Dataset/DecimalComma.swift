import SentioKit

/// Ratings written with a decimal comma, as spreadsheets in many countries export them.
enum DecimalComma {
    /// Whether the cells have decimal commas beyond doubt: some have a comma, none has a point, and the commas cannot
    /// be thousands separators, because one is not followed by exactly three digits or because the number would lie
    /// outside the scale.
    /// - parameter means: the ratings; `spreads`: their spreads, which have no scale.
    static func isCertain(means: [String], spreads: [String], scale: ClosedRange<Double>) -> Bool {
        let all = means + spreads
        guard all.contains(where: isNumber), !all.contains(where: { $0.utf8.contains(UInt8(ascii: ".")) }) else {
            return false
        }
        return all.contains { isNumber($0) && !mayBeThousands($0) }
            || means.contains { cell in
                isNumber(cell) && NumberCell.present(cell.replacing(",", with: "")).map { !scale.contains($0) } ?? false
            }
    }

    /// The cell with a point; unchanged if it is not a number with a decimal comma.
    static func withPoint(_ cell: String) -> String { isNumber(cell) ? cell.replacing(",", with: ".") : cell }

    /// Digits with one comma among them, perhaps after a sign.
    private static func isNumber(_ cell: String) -> Bool {
        let parts = unsigned(cell).split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty
            && parts.allSatisfy { part in part.allSatisfy { $0.isASCII && $0.isNumber } }
    }

    /// Whether the comma of such a number may separate thousands: `1,234`, but not `0,123`, `1234,567` or `1,5`.
    private static func mayBeThousands(_ cell: String) -> Bool {
        let parts = unsigned(cell).split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[1].count == 3 && (1...3).contains(parts[0].count) && parts[0].first != "0"
    }

    private static func unsigned(_ cell: String) -> Substring {
        cell.first == "-" || cell.first == "+" ? cell.dropFirst() : cell[...]
    }
}
