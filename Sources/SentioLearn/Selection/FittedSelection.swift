public import SentioNumerics

/// Which columns are kept, and what stands for their missing values.
public struct FittedSelection: Sendable, Equatable {
    /// Indices of the columns that are kept, ascending.
    public let kept: [Int]
    /// One a kept column; empty where missing values stay missing.
    public let fills: [Double]
    /// The others, ascending, and why each went.
    public let dropped: [Drop]

    public struct Drop: Sendable, Equatable {
        public let column: Int
        public let reason: Reason
    }

    public enum Reason: Sendable, Equatable {
        /// No training song has a value.
        case noValues
        case variance(Double)
        /// Pearson's r with an earlier column that is kept.
        case correlation(Double, with: Int)
        /// The largest |Pearson's r| with a target.
        case weak(Double)
    }

    /// The selection that keeps all of so many columns as they are.
    public static func everything(columns: Int) -> FittedSelection {
        FittedSelection(kept: Array(0..<columns), fills: [], dropped: [])
    }

    /// The kept columns of songs × features, missing values filled.
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
