public import SentioNumerics

/// Chooses columns of a table of features and fills in missing values (NaN), by what the training songs show.
///
/// In this order: columns without any value are dropped; missing values are filled; then columns of too small a
/// variance, the later of two columns that are too much alike, and all but the `top` columns by correlation with a
/// target. Nothing is done that is not asked for. Deterministic.
public struct FeatureSelection: Sendable, Hashable {
    /// What stands in for a missing value.
    public enum Filling: String, Sendable, Hashable, CaseIterable { case none, mean, median }

    public let filling: Filling
    /// Columns whose variance (ddof 0) is not above this are dropped, as by scikit-learn's `VarianceThreshold`; nil:
    /// none.
    public let minVariance: Double?
    /// A column is dropped where |Pearson's r| with a kept column before it is above this; nil: none.
    public let maxCorrelation: Double?
    /// How many columns are kept by their largest |Pearson's r| with a target; of equals, the first; nil: all.
    public let top: Int?

    public init(filling: Filling = .none, minVariance: Double? = nil, maxCorrelation: Double? = nil, top: Int? = nil) {
        self.filling = filling
        self.minVariance = minVariance
        self.maxCorrelation = maxCorrelation
        self.top = top
    }

    /// Whether a table comes out as it went in.
    public var isNothing: Bool { filling == .none && minVariance == nil && maxCorrelation == nil && top == nil }

    /// Learns from training songs only: `features` is songs × features, `targets` songs × targets for `top`.
    ///
    /// Variance and correlation of a column with missing values that are not filled are those of its present values,
    /// the others counting as their mean.
    /// - Throws: `LearnError` for tables that are empty or do not agree, infinity, or a setting out of range.
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

    /// One column with what stands for its missing values.
    private struct Column {
        let index: Int
        let fill: Double
        let variance: Double
        /// Centred and of length 1, so that a product of two is Pearson's r; zeros for a constant column.
        let unit: [Double]

        /// Nil for a column without values.
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

        /// The first value is taken off before adding up, so that a constant column has exactly its value as its mean.
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
