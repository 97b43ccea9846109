public import SentioNumerics

/// Which scaler to fit, and its setting.
public enum ScalerMethod: Sendable, Hashable {
    case none
    case standard
    /// Median and interquartile range, cut at `limit` ranges.
    case robust(limit: Double = RobustScaler.defaultLimit)
    case signLog
    /// Training quantiles to a normal distribution.
    case quantile(levels: Int = QuantileScaler.defaultLevels)

    /// The names of all methods, with their default settings: none, standard, robust, sign-log, quantile.
    public static let names = ["none", "standard", "robust", "sign-log", "quantile"]

    /// The method of that name with its default setting; nil for an unknown name.
    public init?(name: String) {
        switch name {
        case "none": self = .none
        case "standard": self = .standard
        case "robust": self = .robust()
        case "sign-log": self = .signLog
        case "quantile": self = .quantile()
        default: return nil
        }
    }

    /// Fits the scaler on a training table, songs x features. Deterministic.
    ///
    /// - Throws: `LearnError` for an empty table, NaN or infinity in it, or a setting out of range.
    public func fit(_ features: Matrix) throws -> FittedScaler {
        switch self {
        case .none: .none(try IdentityScaler.fit(features))
        case .standard: .standard(try StandardScaler.fit(features))
        case .robust(let limit): .robust(try RobustScaler.fit(features, limit: limit))
        case .signLog: .signLog(try SignLogScaler.fit(features))
        case .quantile(let levels): .quantile(try QuantileScaler.fit(features, levels: levels))
        }
    }
}
