import SentioNumerics

/// Leaves features unchanged (`none`).
struct IdentityScaler: Scaler {
    static let name = "none"
    let featureCount: Int

    static func fit(_ features: Matrix) throws -> IdentityScaler {
        try requireUsable(features)
        return IdentityScaler(featureCount: features.columns)
    }

    var line: ScalerLine? {
        ScalerLine(
            center: [Double](repeating: 0, count: featureCount), scale: [Double](repeating: 1, count: featureCount),
            limit: .infinity)
    }

    func transform(_ features: Matrix) throws -> Matrix {
        try TableChecks.requireColumns(features, featureCount, table: "features")
        return features
    }

    func validate() throws {
        if featureCount < 0 {
            throw LearnError.damagedModel(reason: "the scaler has \(featureCount) features")
        }
    }
}
