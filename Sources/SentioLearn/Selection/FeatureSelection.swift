public import SentioNumerics

/// Selects columns of a feature table and imputes missing values (NaN), fitted on the training songs.
///
/// The steps, in this order: drop columns without any value, impute missing values, drop columns with a small variance,
/// drop columns that are highly correlated with an earlier one, keep only the `top` columns by correlation with a
/// target. Every step is optional. Deterministic.
public struct FeatureSelection: Sendable, Hashable {
    /// What replaces a missing value in a column.
    public enum Filling: String, Sendable, Hashable, CaseIterable { case none, mean, median }

    /// What replaces missing values.
    public let filling: Filling
    /// Drops columns whose variance (ddof 0) is at most this, as scikit-learn's `VarianceThreshold`; nil drops none.
    public let minVariance: Double?
    /// Drops columns whose |Pearson's r| with an earlier kept column is above this; nil drops none.
    public let maxCorrelation: Double?
    /// Keeps this many columns: those with the largest |Pearson's r| with any target, the first of equal ones; nil
    /// keeps all.
    public let top: Int?

    /// Without arguments the selection changes nothing.
    public init(filling: Filling = .none, minVariance: Double? = nil, maxCorrelation: Double? = nil, top: Int? = nil) {
        self.filling = filling
        self.minVariance = minVariance
        self.maxCorrelation = maxCorrelation
        self.top = top
    }

    /// Whether the selection leaves tables unchanged.
    public var isNothing: Bool { filling == .none && minVariance == nil && maxCorrelation == nil && top == nil }

    /// Fits on training songs only. For variances and correlations, missing values count as the mean of their column if
    /// they are not imputed.
    ///
    /// - Parameters:
    ///   - features: songs × features.
    ///   - targets: songs × targets; needed for `top`.
    /// - Throws: `LearnError` for tables that are empty or do not match, infinity, or a setting out of range.
    public func fit(features: Matrix, targets: Matrix? = nil) throws -> FittedSelection {
        try validate()
        try TableChecks.requireNotEmpty(features, table: "features")
        if let column = features.values.firstIndex(where: \.isInfinite) {
            throw LearnError.notFinite(
                table: "features", row: column / features.columns, rowName: nil,
                column: String(column % features.columns),
                value: features.values[column])
        }
        if let targets { try TableChecks.requireSameRows(features, "features", targets, "targets") }
        if isNothing { return .everything(columns: features.columns) }

        var dropped: [FittedSelection.Drop] = []
        var columns: [Column] = []
        for index in 0..<features.columns {
            let column = Column(index: index, values: features.column(index), filling: filling)
            if let column { columns.append(column) } else { dropped.append(.init(column: index, reason: .noValues)) }
        }
        if let minVariance {
            columns.removeAll { column in
                guard column.variance <= minVariance else { return false }
                dropped.append(.init(column: column.index, reason: .variance(column.variance)))
                return true
            }
        }
        if let maxCorrelation { dropAlike(&columns, above: maxCorrelation, &dropped) }
        if let top, let targets { keepTop(&columns, top, targets, &dropped) }
        return FittedSelection(
            kept: columns.map(\.index), fills: filling == .none ? [] : columns.map(\.fill),
            dropped: dropped.sorted { $0.column < $1.column })
    }

    private func validate() throws(LearnError) {
        if let minVariance, !(minVariance >= 0 && minVariance.isFinite) {
            throw .badParameter(name: "minVariance", value: "\(minVariance)", allowed: "0 or a positive number")
        }
        if let maxCorrelation, !(0...1).contains(maxCorrelation) {
            throw .badParameter(name: "maxCorrelation", value: "\(maxCorrelation)", allowed: "from 0 to 1")
        }
        if let top, top < 1 { throw .badParameter(name: "top", value: "\(top)", allowed: "at least 1") }
    }

    private func dropAlike(_ columns: inout [Column], above limit: Double, _ dropped: inout [FittedSelection.Drop]) {
        guard let rows = columns.first?.unit.count, columns.count > 1 else { return }
        let units = Matrix(rows: columns.count, columns: rows, values: columns.flatMap(\.unit))
        let products = units.gram(ofRows: true)
        var kept: [Int] = []
        for candidate in columns.indices {
            if let twin = kept.first(where: { products[candidate, $0].magnitude > limit }) {
                let reason = FittedSelection.Reason.correlation(products[candidate, twin], with: columns[twin].index)
                dropped.append(.init(column: columns[candidate].index, reason: reason))
            } else {
                kept.append(candidate)
            }
        }
        columns = kept.map { columns[$0] }
    }

    private func keepTop(
        _ columns: inout [Column], _ top: Int, _ targets: Matrix, _ dropped: inout [FittedSelection.Drop]
    ) {
        guard columns.count > top else { return }
        let units = (0..<targets.columns).map { Column.unit(targets.column($0)) }
        let strengths = columns.map { column in
            units.map { zip($0, column.unit).reduce(0) { $0 + $1.0 * $1.1 }.magnitude }.max() ?? 0
        }
        let best = columns.indices.sorted { strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1 }
        for place in best[top...] {
            dropped.append(.init(column: columns[place].index, reason: .weak(strengths[place])))
        }
        columns = best[..<top].sorted().map { columns[$0] }
    }

    /// One column with its missing values replaced.
    private struct Column {
        let index: Int
        let fill: Double
        let variance: Double
        /// Centered and of length 1, so that the inner product of two is Pearson's r; zeros for a constant column.
        let unit: [Double]

        /// Nil if every value is missing.
        init?(index: Int, values: [Double], filling: Filling) {
            let present = values.filter { !$0.isNaN }
            guard !present.isEmpty else { return nil }
            let mean = Self.mean(present)
            let fill = filling == .median ? Quantile.of(present, 0.5) : mean
            let complete = values.map { $0.isNaN ? fill : $0 }
            let center = Self.mean(complete)
            self.index = index
            self.fill = fill
            variance = complete.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(complete.count)
            unit = Self.unit(complete)
        }

        /// Subtracts the first value before summing, so that the mean of a constant column is exact.
        static func mean(_ values: [Double]) -> Double {
            values[0] + values.reduce(0) { $0 + ($1 - values[0]) } / Double(values.count)
        }

        static func unit(_ values: [Double]) -> [Double] {
            guard !values.isEmpty else { return [] }
            let center = mean(values)
            let length = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }.squareRoot()
            return values.map { length > 0 ? ($0 - center) / length : 0 }
        }
    }
}
