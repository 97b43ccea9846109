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
    /// The columns of contexts that the machines see beside the features; nil for machines that know no contexts.
    public let context: SVRContext?

    /// - Throws: `LearnError.damagedModel` if lengths do not match or a number is not finite.
    public init(
        features: [String], targets: [String], scaler: FittedScaler, machines: [SupportVectorMachine],
        context: SVRContext? = nil
    ) throws {
        self.features = features
        self.targets = targets
        self.scaler = scaler
        self.machines = machines
        self.context = context
        try scaler.scaler.validate()
        for machine in machines { try machine.validate() }
        guard !targets.isEmpty, machines.count == targets.count else {
            throw LearnError.damagedModel(reason: "it has \(targets.count) targets, but \(machines.count) machines")
        }
        try context?.validate(machines: machines.count)
        guard scaler.featureCount == features.count,
            machines.allSatisfy({ $0.vectors.rows == 0 || $0.vectors.columns == columns(of: $0) })
        else {
            throw LearnError.damagedModel(
                reason: "its scaler or its support vectors do not have the \(features.count) features it names")
        }
    }

    /// How many columns the machines see: the features, and with contexts what `SVRContext` appends.
    public var columns: Int { machines.map { columns(of: $0) }.max() ?? features.count }

    private func columns(of machine: SupportVectorMachine) -> Int {
        guard let context else { return features.count }
        return SVRContext.columns(features: features.count, levels: context.levels.count, kernel: machine.kernel)
    }

    /// Predictions (songs x targets) for unscaled features (songs x features). Deterministic.
    ///
    /// - Parameter contexts: the context of each song, for machines that know contexts; without it, and for songs of a
    ///   context that they do not know, every training song counts as one of another context.
    /// - Throws: `LearnError` for another number of columns, NaN or infinity (with the names from `songs`), or another
    ///   number of contexts than of songs.
    public func predict(_ table: Matrix, songs: [String]? = nil, contexts: SongContexts? = nil) throws -> Matrix {
        try TableChecks.requireColumns(table, features.count, table: "features")
        try TableChecks.requireFinite(table, table: "features", columnNames: features, rowNames: songs)
        let scaled = try scaler.transform(table)
        try contexts?.require(rows: table.rows)
        var values: [Double] = []
        for (target, machine) in machines.enumerated() {
            var seen = scaled
            if let context {
                seen = SVRContext.append(
                    to: scaled,
                    codes: contexts?.codes(of: context.levels) ?? [Int?](repeating: nil, count: table.rows),
                    levels: context.levels.count, slope: context.slopes[target], kernel: machine.kernel)
            }
            values += machine.predict(seen)
        }
        return Matrix(rows: machines.count, columns: table.rows, values: values).transposed()
    }
}

extension SVRModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case features, targets, scaler, machines, context
    }

    /// Throws `LearnError.damagedModel` for inconsistent numbers, `DecodingError` for other JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            features: container.decode([String].self, forKey: .features),
            targets: container.decode([String].self, forKey: .targets),
            scaler: container.decode(FittedScaler.self, forKey: .scaler),
            machines: container.decode([SupportVectorMachine].self, forKey: .machines),
            context: container.decodeIfPresent(SVRContext.self, forKey: .context))
    }
}
