public import SentioNumerics

/// A fitted SVR of one or several targets, including its scaler. Codable as JSON.
public struct SVRModel: Sendable, Equatable {
    /// Names of the features, in column order.
    public let features: [String]
    /// Names of the targets, in column order of predictions.
    public let targets: [String]
    /// Scales features before the machines see them.
    public let scaler: FittedScaler
    /// The machine of each target, over scaled features.
    public let machines: [SupportVectorMachine]

    /// - Throws: `LearnError.damagedModel` if lengths do not match or a number is not finite.
    public init(
        features: [String], targets: [String], scaler: FittedScaler, machines: [SupportVectorMachine]
    ) throws {
        self.features = features
        self.targets = targets
        self.scaler = scaler
        self.machines = machines
        try scaler.scaler.validate()
        for machine in machines { try machine.validate() }
        guard !targets.isEmpty, machines.count == targets.count else {
            throw LearnError.damagedModel(reason: "it has \(targets.count) targets, but \(machines.count) machines")
        }
        guard scaler.featureCount == features.count,
            machines.allSatisfy({ $0.vectors.rows == 0 || $0.vectors.columns == features.count })
        else {
            throw LearnError.damagedModel(
                reason: "its scaler or its support vectors do not have the \(features.count) features it names")
        }
    }

    /// Predictions (songs x targets) for unscaled features (songs x features). Deterministic.
    ///
    /// - Throws: `LearnError` for another number of columns, or NaN or infinity (with the names from `songs`).
    public func predict(_ table: Matrix, songs: [String]? = nil) throws -> Matrix {
        try TableChecks.requireColumns(table, features.count, table: "features")
        try TableChecks.requireFinite(table, table: "features", columnNames: features, rowNames: songs)
        let scaled = try scaler.transform(table)
        return Matrix(
            rows: machines.count, columns: table.rows, values: machines.flatMap { $0.predict(scaled) }
        ).transposed()
    }
}

extension SVRModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case features, targets, scaler, machines
    }

    /// Throws `LearnError.damagedModel` for inconsistent numbers, `DecodingError` for other JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            features: container.decode([String].self, forKey: .features),
            targets: container.decode([String].self, forKey: .targets),
            scaler: container.decode(FittedScaler.self, forKey: .scaler),
            machines: container.decode([SupportVectorMachine].self, forKey: .machines))
    }
}
