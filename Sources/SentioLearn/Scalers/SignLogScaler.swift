import Foundation
public import SentioNumerics

/// Standardises, then squashes: sign(z) log(1 + |z|) (`sign-log`). Order and sign stay; an outlier of a thousand
/// standard deviations becomes 6.9.
///
/// Mean and standard deviation as in `StandardScaler`.
public struct SignLogScaler: Scaler {
    public static let name = "sign-log"
    public let standard: StandardScaler

    public static func fit(_ features: Matrix) throws -> SignLogScaler {
        SignLogScaler(standard: try StandardScaler.fit(features))
    }

    public var featureCount: Int { standard.featureCount }
    public var line: ScalerLine? { nil }

    public func transform(_ features: Matrix) throws -> Matrix {
        try mapColumns(features) { value, column in
            let z = (value - standard.center[column]) / standard.scale[column]
            return z < 0 ? -log1p(-z) : log1p(z)
        }
    }

    public func validate() throws {
        try standard.validate()
    }
}
