public import SentioNumerics

/// A scaler to fit, with its setting. A new scaler is a `Scaler` in a file of its own and a line in `all`.
public struct ScalerMethod: Sendable, CustomStringConvertible {
    /// Every method with its default setting.
    public static let all: [ScalerMethod] = [.none, .standard, .robust(), .signLog, .quantile()]

    /// No scaling.
    public static let none = ScalerMethod { try IdentityScaler.fit($0) }
    /// Mean 0 and standard deviation 1, as scikit-learn's `StandardScaler`.
    public static let standard = ScalerMethod { try StandardScaler.fit($0) }
    /// Median 0 and interquartile range 1, clipped at `limit` ranges. The default is about 4 standard deviations of a
    /// normal distribution.
    public static func robust(limit: Double = 3) -> ScalerMethod {
        ScalerMethod { try RobustScaler.fit($0, limit: limit) }
    }
    /// Standardized, then compressed to sign(z) log(1 + |z|).
    public static let signLog = ScalerMethod { try SignLogScaler.fit($0) }
    /// Maps the training quantiles to those of a normal distribution, as scikit-learn's `QuantileTransformer`, whose
    /// default is 1000 levels.
    public static func quantile(levels: Int = 1000) -> ScalerMethod {
        ScalerMethod { try QuantileScaler.fit($0, levels: levels) }
    }

    /// The type of the scaler that it fits.
    let scaler: any Scaler.Type
    private let make: @Sendable (Matrix) throws -> any Scaler

    private init<S: Scaler>(_ make: @escaping @Sendable (Matrix) throws -> S) {
        scaler = S.self
        self.make = make
    }

    /// The method of that name with its default setting; nil for an unknown name.
    public init?(name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// Its name in pipelines and models.
    public var name: String { scaler.name }
    public var description: String { name }

    /// The names of all methods.
    public static var names: [String] { all.map(\.name) }

    /// Fits the scaler on a training table, songs x features. Deterministic.
    ///
    /// - Throws: `LearnError` for an empty table, NaN or infinity in it, or a setting out of range.
    public func fit(_ features: Matrix) throws -> FittedScaler { FittedScaler(try make(features)) }
}
