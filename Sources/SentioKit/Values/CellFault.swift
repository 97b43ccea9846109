/// What can be wrong with a cell of a table, as far as many cells of a column may have it in common.
public enum CellFault: Sendable, Hashable {
    /// Of numbers; `NumberCell.Fault` has the words for one of them.
    case damaged, control, infinite, vanishing, missingWord, hexadecimal, space, sign
    case comma, decimalComma, decimalCommaAndThousands, thousands, trailing, text
    /// Of ratings.
    case empty, outsideScale, negative

    /// What is said of their column: `valence_mean has decimal commas in all 40 rows`.
    var phrase: String {
        switch self {
        case .damaged: "holds NUL bytes"
        case .control: "holds control characters"
        case .infinite: "is not finite"
        case .vanishing: "is nearer to 0 than any number of 64 bits"
        case .missingWord: "has words for missing values"
        case .hexadecimal: "is hexadecimal"
        case .space: "has spaces in its numbers"
        case .sign: "has signs that are not the minus sign `-`"
        case .comma: "has commas in its numbers"
        case .decimalComma: "has decimal commas"
        case .decimalCommaAndThousands: "has decimal commas and thousands separators"
        case .thousands: "has thousands separators"
        case .trailing: "has text after its numbers"
        case .text: "holds text"
        case .empty: "has no number"
        case .outsideScale: "is outside the scale"
        case .negative: "is less than 0"
        }
    }
}
