public import SentioNumerics

/// A fitted scaler of any method, as models store it: JSON `{"method": name, "state": {...}}`.
public enum FittedScaler: Sendable, Equatable {
    case none(IdentityScaler)
    case standard(StandardScaler)
    case robust(RobustScaler)
    case signLog(SignLogScaler)
    case quantile(QuantileScaler)

    /// The scaler inside.
    public var scaler: any Scaler {
        switch self {
        case .none(let scaler): scaler
        case .standard(let scaler): scaler
        case .robust(let scaler): scaler
        case .signLog(let scaler): scaler
        case .quantile(let scaler): scaler
        }
    }

    /// The method's name, as in `ScalerMethod.names`.
    public var name: String {
        switch self {
        case .none: "none"
        case .standard: "standard"
        case .robust: "robust"
        case .signLog: "sign-log"
        case .quantile: "quantile"
        }
    }

    public var featureCount: Int { scaler.featureCount }

    /// See `Scaler.transform`.
    public func transform(_ features: Matrix) throws -> Matrix {
        try scaler.transform(features)
    }
}

extension FittedScaler: Codable {
    private enum CodingKeys: String, CodingKey {
        case method, state
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .method) {
        case "none": self = .none(try container.decode(IdentityScaler.self, forKey: .state))
        case "standard": self = .standard(try container.decode(StandardScaler.self, forKey: .state))
        case "robust": self = .robust(try container.decode(RobustScaler.self, forKey: .state))
        case "sign-log": self = .signLog(try container.decode(SignLogScaler.self, forKey: .state))
        case "quantile": self = .quantile(try container.decode(QuantileScaler.self, forKey: .state))
        case let unknown:
            throw LearnError.damagedModel(
                reason: "its scaler is \"\(unknown)\", not one of \(ScalerMethod.names.joined(separator: ", "))")
        }
        try scaler.validate()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .method)
        switch self {
        case .none(let scaler): try container.encode(scaler, forKey: .state)
        case .standard(let scaler): try container.encode(scaler, forKey: .state)
        case .robust(let scaler): try container.encode(scaler, forKey: .state)
        case .signLog(let scaler): try container.encode(scaler, forKey: .state)
        case .quantile(let scaler): try container.encode(scaler, forKey: .state)
        }
    }
}
