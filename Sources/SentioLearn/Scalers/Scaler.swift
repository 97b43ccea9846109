public import SentioNumerics

/// A fitted change of features, column by column. Fit it on training songs only, then apply it to all.
public protocol Scaler: Codable, Sendable, Equatable {
    /// What it is called in pipelines and models.
    static var name: String { get }

    /// Learns from a training table, songs x features.
    ///
    /// - Throws: `LearnError` for a table without rows or columns, or with NaN or infinity.
    static func fit(_ features: Matrix) throws -> Self

    /// How many columns it was fitted on.
    var featureCount: Int { get }

    /// The change where it is a straight line, (value - center) / scale; nil for curved ones.
    var line: ScalerLine? { get }

    /// Applies the change to another table of the same columns; the result has the same shape.
    ///
    /// - Throws: `LearnError` for another number of columns. NaN stays NaN.
    func transform(_ features: Matrix) throws -> Matrix

    /// Throws `LearnError.damagedModel` if the stored numbers contradict each other.
    func validate() throws
}

/// The straight line of a scaler: scaled = (value - center) / scale, column by column.
public struct ScalerLine: Sendable, Equatable {
    public let center: [Double]
    public let scale: [Double]
    /// Values further than this from the centre, in scaled units, are cut off; infinite where nothing is.
    public let limit: Double
}

extension Scaler {
    /// Makes each scaled element from (value, column).
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

    /// What every centre-and-scale scaler must hold when it comes from a file.
    static func requireCentersAndScales(_ center: [Double], _ scale: [Double]) throws(LearnError) {
        if center.count != scale.count {
            throw .damagedModel(reason: "the scaler has \(center.count) centres and \(scale.count) scales")
        }
        if let index = center.firstIndex(where: { !$0.isFinite }) {
            throw .damagedModel(reason: "the scaler's centre \(index) is \(center[index])")
        }
        if let index = scale.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw .damagedModel(reason: "the scaler's scale \(index) is \(scale[index]), which is not positive")
        }
    }
}
