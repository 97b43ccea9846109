public import SentioNumerics

/// A fitted scaler of any method. JSON form: `{"method": name, "state": {...}}`.
public struct FittedScaler: Sendable, Equatable {
    let scaler: any Scaler

    init(_ scaler: any Scaler) { self.scaler = scaler }

    /// The method's name, one of `ScalerMethod.names`.
    public var name: String { type(of: scaler).name }
    /// How many columns it was fitted on.
    public var featureCount: Int { scaler.featureCount }

    /// Scales a table with the columns of the fit; the result has the same shape. NaN stays NaN.
    ///
    /// - Throws: `LearnError.columnMismatch` for another number of columns.
    public func transform(_ features: Matrix) throws -> Matrix { try scaler.transform(features) }

    public static func == (left: FittedScaler, right: FittedScaler) -> Bool { left.scaler.isEqual(to: right.scaler) }
}

extension Scaler {
    fileprivate func isEqual(to other: any Scaler) -> Bool { other as? Self == self }
}

extension FittedScaler: Codable {
    private enum CodingKeys: String, CodingKey {
        case method, state
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self),
            name = try container.decode(String.self, forKey: .method)
        guard let method = ScalerMethod(name: name) else {
            throw LearnError.damagedModel(
                reason: "its scaler is \"\(name)\", not one of \(ScalerMethod.names.joined(separator: ", "))")
        }
        scaler = try container.decode(method.scaler, forKey: .state)
        try scaler.validate()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .method)
        try container.encode(scaler, forKey: .state)
    }
}
