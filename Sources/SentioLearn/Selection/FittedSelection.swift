public import SentioNumerics

/// Which columns are kept, and what replaces their missing values.
public struct FittedSelection: Sendable, Equatable {
    /// Indices of the kept columns, ascending.
    public let kept: [Int]
    /// The replacement of missing values in each kept column; empty if they stay missing.
    public let fills: [Double]
    /// The dropped columns, ascending, with reasons.
    public let dropped: [Drop]

    /// A dropped column.
    public struct Drop: Sendable, Equatable {
        /// Index of the column.
        public let column: Int
        /// Why it was dropped.
        public let reason: Reason
    }

    /// Why a column was dropped.
    public enum Reason: Sendable, Equatable {
        /// No training song has a value.
        case noValues
        /// Its variance is too small.
        case variance(Double)
        /// Pearson's r with an earlier, kept column is too large.
        case correlation(Double, with: Int)
        /// It is not in the `top` columns; its largest |Pearson's r| with a target.
        case weak(Double)
    }

    /// The selection that keeps all of that many columns unchanged.
    public static func everything(columns: Int) -> FittedSelection {
        FittedSelection(kept: Array(0..<columns), fills: [], dropped: [])
    }

    /// The kept columns of a table (songs × features), with missing values replaced.
    ///
    /// - Precondition: as many columns as the fit had.
    public func transform(_ features: Matrix) -> Matrix {
        var result = features.selecting(columns: kept)
        guard !fills.isEmpty else { return result }
        let columns = result.columns
        result.withUnsafeMutableValues { values in
            for index in values.indices where values[index].isNaN { values[index] = fills[index % columns] }
        }
        return result
    }
}
