public import SentioNumerics

/// Leaves features as they are (`none`).
public struct IdentityScaler: Scaler {
    public static let name = "none"
    public let featureCount: Int

    public static func fit(_ features: Matrix) throws -> IdentityScaler {
        try requireUsable(features)
        return IdentityScaler(featureCount: features.columns)
    }

    public var line: ScalerLine? {
        ScalerLine(
            center: [Double](repeating: 0, count: featureCount), scale: [Double](repeating: 1, count: featureCount),
            limit: .infinity)
    }

    public func transform(_ features: Matrix) throws -> Matrix {
        try TableChecks.requireColumns(features, featureCount, table: "features")
        return features
    }

    public func validate() throws {
        if featureCount < 0 {
            throw LearnError.damagedModel(reason: "the scaler has \(featureCount) features")
        }
    }
}
