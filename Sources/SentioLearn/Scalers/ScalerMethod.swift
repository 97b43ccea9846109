public import SentioNumerics

/// Which scaler to fit, and its setting. A new scaler is a type in a file of its own and a line in `all`.
public struct ScalerMethod: Sendable, CustomStringConvertible {
    /// Every method with its default setting.
    public static let all: [ScalerMethod] = [.none, .standard, .robust(), .signLog, .quantile()]

    public static let none = ScalerMethod(IdentityScaler.self)
    public static let standard = ScalerMethod(StandardScaler.self)
    /// Median and interquartile range, cut at `limit` ranges.
    public static func robust(limit: Double = RobustScaler.defaultLimit) -> ScalerMethod {
        ScalerMethod(RobustScaler.self) { try RobustScaler.fit($0, limit: limit) }
    }
    public static let signLog = ScalerMethod(SignLogScaler.self)
    /// Training quantiles to a normal distribution.
    public static func quantile(levels: Int = QuantileScaler.defaultLevels) -> ScalerMethod {
        ScalerMethod(QuantileScaler.self) { try QuantileScaler.fit($0, levels: levels) }
    }

    /// What it makes.
    let scaler: any Scaler.Type
    private let make: @Sendable (Matrix) throws -> any Scaler

    private init<S: Scaler>(_ scaler: S.Type, make: @escaping @Sendable (Matrix) throws -> S = { try S.fit($0) }) {
        self.scaler = scaler
        self.make = make
    }

    /// The method of that name with its default setting; nil for an unknown name.
    public init?(name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    public var name: String { scaler.name }
    public var description: String { name }

    /// The names of all methods.
    public static var names: [String] { all.map(\.name) }

    /// Fits the scaler on a training table, songs x features. Deterministic.
    ///
    /// - Throws: `LearnError` for an empty table, NaN or infinity in it, or a setting out of range.
    public func fit(_ features: Matrix) throws -> FittedScaler { FittedScaler(try make(features)) }
}
