public import SentioNumerics

/// A fitted ridge regression of one or several targets, including its scaler. Stored as JSON.
public struct RidgeModel: Sendable, Equatable {
    /// Names of the features, in column order.
    public let features: [String]
    /// Names of the targets, in column order of predictions.
    public let targets: [String]
    /// Scales features before the regression.
    public let scaler: FittedScaler
    /// Targets x features, per unit of the scaled features.
    public let coefficients: Matrix
    /// The intercept of each target.
    public let intercepts: [Double]
    /// The penalty of each target.
    public let alphas: [Double]
    /// How the contexts of songs differ from the common coefficients; nil for a model that knows no contexts.
    public let context: RidgeContext?

    /// - Throws: `LearnError.damagedModel` if lengths do not match or a number is not finite.
    public init(
        features: [String], targets: [String], scaler: FittedScaler, coefficients: Matrix, intercepts: [Double],
        alphas: [Double], context: RidgeContext? = nil
    ) throws {
        self.features = features
        self.targets = targets
        self.scaler = scaler
        self.coefficients = coefficients
        self.intercepts = intercepts
        self.alphas = alphas
        self.context = context
        try validate()
    }

    /// Predictions (songs x targets) for unscaled features (songs x features). Deterministic.
    ///
    /// - Parameter contexts: the context of each song, for a model that knows contexts; without it, and for songs of a
    ///   context that the model does not know, the common part alone predicts.
    /// - Throws: `LearnError` for another number of columns, NaN or infinity (with the names from `songs`), or another
    ///   number of contexts than of songs.
    public func predict(_ table: Matrix, songs: [String]? = nil, contexts: SongContexts? = nil) throws -> Matrix {
        try TableChecks.requireColumns(table, features.count, table: "features")
        try TableChecks.requireFinite(table, table: "features", columnNames: features, rowNames: songs)
        let scaled = try scaler.transform(table)
        var result = Self.predict(scaled: scaled, coefficients: coefficients, intercepts: intercepts)
        guard let context, let contexts else { return result }
        try contexts.require(rows: table.rows)
        RidgeContext.add(
            coefficients: context.coefficients, offsets: context.offsets, scaled: scaled,
            codes: contexts.codes(of: context.levels), to: &result)
        return result
    }

    /// Common coefficients per unit of the unscaled features (targets x features) and their intercepts; nil for a
    /// nonlinear scaler (sign-log, quantile). With a robust scaler they are valid for values within its limit.
    public var unscaled: (coefficients: Matrix, intercepts: [Double])? {
        guard let line = scaler.scaler.line else { return nil }
        var raw = coefficients
        var rawIntercepts = intercepts
        for target in 0..<raw.rows {
            for feature in 0..<raw.columns {
                raw[target, feature] /= line.scale[feature]
                rawIntercepts[target] -= raw[target, feature] * line.center[feature]
            }
        }
        return (raw, rawIntercepts)
    }

    static func predict(scaled: Matrix, coefficients: Matrix, intercepts: [Double]) -> Matrix {
        var result = scaled.times(coefficients, transposeOther: true)
        let columns = result.columns
        result.withUnsafeMutableValues { values in
            for index in values.indices { values[index] += intercepts[index % columns] }
        }
        return result
    }

    private func validate() throws {
        try scaler.scaler.validate()
        func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
            if !condition { throw LearnError.damagedModel(reason: reason()) }
        }
        try require(!targets.isEmpty, "it has no targets")
        try require(
            scaler.featureCount == features.count,
            "it names \(features.count) features, but its scaler has \(scaler.featureCount)")
        try require(
            coefficients.rows == targets.count && coefficients.columns == features.count,
            "its coefficients are \(coefficients.rows) x \(coefficients.columns) instead of \(targets.count) targets "
                + "x \(features.count) features")
        try require(
            intercepts.count == targets.count && alphas.count == targets.count,
            "it has \(targets.count) targets, but \(intercepts.count) intercepts and \(alphas.count) alphas")
        try require(
            (coefficients.values + intercepts).allSatisfy(\.isFinite), "a coefficient is not a finite number")
        try require(alphas.allSatisfy { $0 >= 0 && $0.isFinite }, "an alpha is not 0 or a positive number")
        try context?.validate(features: features.count, targets: targets.count)
    }
}

extension RidgeModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case features, targets, scaler, coefficients, intercepts, alphas, context
    }

    /// Throws `LearnError.damagedModel` for inconsistent numbers, `DecodingError` for other JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            features: container.decode([String].self, forKey: .features),
            targets: container.decode([String].self, forKey: .targets),
            scaler: container.decode(FittedScaler.self, forKey: .scaler),
            coefficients: container.decode(Matrix.self, forKey: .coefficients),
            intercepts: container.decode([Double].self, forKey: .intercepts),
            alphas: container.decode([Double].self, forKey: .alphas),
            context: container.decodeIfPresent(RidgeContext.self, forKey: .context))
    }
}
