/// A kind of fault that many cells of a column may share, so that they are reported together.
public enum CellFault: Sendable, Hashable {
    /// Faults of numbers; `NumberCell.Fault` describes a single one.
    case damaged, control, infinite, vanishing, missingWord, hexadecimal, space, sign
    case comma, decimalComma, decimalCommaAndThousands, thousands, trailing, text
    /// Faults of ratings.
    case empty, outsideScale, negative

    /// The predicate of a sentence about their column: `valence_mean uses decimal commas in all 40 rows`.
    var phrase: String {
        switch self {
        case .damaged: "contains NUL bytes"
        case .control: "contains control characters"
        case .infinite: "is not finite"
        case .vanishing: "is too close to 0 for a 64-bit number"
        case .missingWord: "uses words for missing values"
        case .hexadecimal: "is hexadecimal"
        case .space: "has spaces in its numbers"
        case .sign: "has signs that are not the minus sign `-`"
        case .comma: "has commas in its numbers"
        case .decimalComma: "uses decimal commas"
        case .decimalCommaAndThousands: "uses decimal commas and thousands separators"
        case .thousands: "uses thousands separators"
        case .trailing: "has text after its numbers"
        case .text: "contains text"
        case .empty: "has no number"
        case .outsideScale: "is outside the scale"
        case .negative: "is less than 0"
        }
    }
}
