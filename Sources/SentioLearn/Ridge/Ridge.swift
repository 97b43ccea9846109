public import SentioNumerics

/// Ridge regression of one or several targets: least squares with the penalty alpha |w|² and an unpenalized intercept.
/// The problem is that of scikit-learn's `Ridge`; it is solved in double precision by a Cholesky factorization.
///
/// By default alpha is chosen for each target by cross-validation, because a fixed alpha of 1 fails badly on small
/// tables with nearly constant columns. Each fold fits its own scaler. Deterministic for a fixed number of BLAS
/// threads.
public struct Ridge: Sendable {
    /// How features are scaled.
    public let scaler: ScalerMethod
    /// How strongly coefficients are penalized.
    public let alpha: RidgeAlpha
    /// How much contexts may differ, for fits with contexts; chosen together with alpha.
    public let contextGrid: ContextGrid

    /// Defaults: standard scaling, as in scikit-learn's usual pipeline; alpha chosen by 5-fold cross-validation.
    public init(
        scaler: ScalerMethod = .standard, alpha: RidgeAlpha = .chosen(), contextGrid: ContextGrid = ContextGrid()
    ) {
        self.scaler = scaler
        self.alpha = alpha
        self.contextGrid = contextGrid
    }

    /// Fits on training songs only.
    ///
    /// - Parameters:
    ///   - features: songs x features.
    ///   - targets: songs x targets.
    ///   - featureNames: default f0, f1, ...
    ///   - targetNames: default y0, y1, ...
    ///   - songs: row names for messages.
    ///   - contexts: the context of each song; nil for a model that knows no contexts. With contexts, alpha is
    ///     positive.
    /// - Throws: `LearnError` for empty tables or a single row, tables that do not match, NaN or infinity (with row and
    ///   column), a negative alpha, invalid folds, or equations without a unique solution.
    public func fit(
        features: Matrix, targets: Matrix, featureNames: [String]? = nil, targetNames: [String]? = nil,
        songs: [String]? = nil, contexts: SongContexts? = nil
    ) throws -> RidgeFit {
        try alpha.validate()
        let featureNames = try TableChecks.names(
            featureNames, count: features.columns, prefix: "f", table: "features")
        let targetNames = try TableChecks.names(targetNames, count: targets.columns, prefix: "y", table: "targets")
        try TableChecks.requireTraining(
            features, targets, featureNames: featureNames, targetNames: targetNames, rowNames: songs,
            method: "Ridge regression")
        if let contexts {
            return try fit(
                contexts, features: features, targets: targets, featureNames: featureNames, targetNames: targetNames)
        }

        let choice = try choose(features, targets, featureNames)
        let alphas: [Double]
        switch alpha {
        case .fixed(let value): alphas = targetNames.map { _ in value }
        case .chosen, .leaveOneOut:
            guard let choice else { preconditionFailure("A chosen alpha comes with its choice.") }
            alphas = targetNames.indices.map { choice.grid[choice.curve.best(target: $0)] }
        }

        let fitted = try scaler.fit(features)
        let solver = RidgeSolver(features: try fitted.transform(features), targets: targets)
        var coefficients = Matrix(rows: targets.columns, columns: features.columns)
        var intercepts = [Double](repeating: 0, count: targets.columns)
        for value in Set(alphas).sorted() {
            let solution = try solver.solve(alpha: value, featureNames: featureNames)
            for target in alphas.indices where alphas[target] == value {
                for feature in 0..<features.columns {
                    coefficients[target, feature] = solution.coefficients[target, feature]
                }
                intercepts[target] = solution.intercepts[target]
            }
        }
        let model = try RidgeModel(
            features: featureNames, targets: targetNames, scaler: fitted, coefficients: coefficients,
            intercepts: intercepts, alphas: alphas)
        return RidgeFit(model: model, choice: choice)
    }

    private func choose(_ features: Matrix, _ targets: Matrix, _ names: [String]) throws -> RidgeFit.Choice? {
        // Descending, so that the larger alpha wins ties.
        switch alpha {
        case .fixed: return nil
        case .chosen(let values, let folds):
            return try crossValidate(Set(values).sorted(by: >), folds, features, targets, names)
        case .leaveOneOut(let values):
            let grid = Set(values).sorted(by: >)
            let loo = try RidgeLeaveOneOut(features: try scaler.fit(features).transform(features), targets: targets)
            let errors = Matrix(grid.map { loo.meanSquaredErrors(alpha: $0) })
            return RidgeFit.Choice(grid: grid, curve: CVCurve(folds: [errors]))
        }
    }

    private func crossValidate(
        _ grid: [Double], _ folds: CVFolds, _ features: Matrix, _ targets: Matrix, _ names: [String]
    ) throws -> RidgeFit.Choice {
        let curve = try InnerCV(folds: folds).score(
            candidates: grid.count, features: features, targets: targets
        ) { part in
            let fitted = try scaler.fit(part.features)
            let solver = RidgeSolver(features: try fitted.transform(part.features), targets: part.targets)
            let validation = try fitted.transform(part.validationFeatures)
            return try grid.map { alpha in
                let solution = try solver.solve(alpha: alpha, featureNames: names)
                return RidgeModel.predict(
                    scaled: validation, coefficients: solution.coefficients, intercepts: solution.intercepts)
            }
        }
        return RidgeFit.Choice(grid: grid, curve: curve)
    }
}
