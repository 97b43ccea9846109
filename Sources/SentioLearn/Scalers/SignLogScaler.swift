import Foundation
import SentioNumerics

/// Standardizes each column as `StandardScaler` does, then compresses it to sign(z) log(1 + |z|) (`sign-log`). Keeps
/// order and sign; an outlier at a thousand standard deviations becomes 6.9.
struct SignLogScaler: Scaler {
    static let name = "sign-log"
    let standard: StandardScaler

    static func fit(_ features: Matrix) throws -> SignLogScaler {
        SignLogScaler(standard: try StandardScaler.fit(features))
    }

    var featureCount: Int { standard.featureCount }
    var line: ScalerLine? { nil }

    func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in
            let z = (value - standard.center[column]) / standard.scale[column]
            return z < 0 ? -log1p(-z) : log1p(z)
        }
    }

    func validate() throws {
        try standard.validate()
    }
}
