import SentioNumerics

/// A fitted transform of features, column by column. It is fitted on training songs only, then applied to all songs.
protocol Scaler: Codable, Sendable, Equatable {
    /// Its name in pipelines and models.
    static var name: String { get }

    /// How many columns it was fitted on.
    var featureCount: Int { get }

    /// The transform as a linear function; nil for nonlinear scalers.
    var line: ScalerLine? { get }

    /// Mean and standard deviation of each column in the training songs; nil if it does not know them.
    var spread: TrainingSpread? { get }

    /// Scales a table with the columns of the fit; the result has the same shape. NaN stays NaN.
    ///
    /// - Throws: `LearnError.columnMismatch` for another number of columns.
    func transform(_ features: Matrix) throws -> Matrix

    /// Checks what was read from a file.
    ///
    /// - Throws: `LearnError.damagedModel` if the stored numbers contradict each other.
    func validate() throws
}

/// A linear scaler: scaled = (value - center) / scale, column by column.
struct ScalerLine: Sendable, Equatable {
    let center: [Double]
    let scale: [Double]
    /// Scaled values are clipped at ±limit; infinite for no clipping.
    let limit: Double
}

extension Scaler {
    /// Computes each scaled element from (value, column).
    func mapColumns(_ features: Matrix, _ body: (Double, Int) -> Double) throws(LearnError) -> Matrix {
        try TableChecks.requireColumns(features, featureCount, table: "features")
        var result = features
        result.withUnsafeMutableValues { values in
            var index = 0
            for _ in 0..<features.rows {
                for column in 0..<features.columns {
                    values[index] = body(values[index], column)
                    index += 1
                }
            }
        }
        return result
    }

    static func requireUsable(_ features: Matrix) throws(LearnError) {
        try TableChecks.requireNotEmpty(features, table: "features")
        try TableChecks.requireFinite(features, table: "features")
    }

    /// Checks the centers and scales read from a file.
    static func requireCentersAndScales(_ center: [Double], _ scale: [Double]) throws(LearnError) {
        if center.count != scale.count {
            throw .damagedModel(reason: "the scaler has \(center.count) centers and \(scale.count) scales")
        }
        if let index = center.firstIndex(where: { !$0.isFinite }) {
            throw .damagedModel(reason: "the scaler's center \(index) is \(center[index])")
        }
        if let index = scale.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw .damagedModel(reason: "the scaler's scale \(index) is \(scale[index]), which is not positive")
        }
    }
}
