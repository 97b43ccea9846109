import SentioNumerics

/// Ridge regression of songs that have contexts.
extension Ridge {
    /// One setting to choose from.
    private struct Candidate {
        let weights: ContextWeights
        let alpha: Double
    }

    /// Fits checked tables.
    func fit(
        _ context: SongContexts, features: Matrix, targets: Matrix, featureNames: [String], targetNames: [String]
    ) throws -> RidgeFit {
        try context.require(rows: features.rows)
        try contextGrid.validate()
        let alphas: [Double]
        switch alpha {
        case .fixed(let value): alphas = [value]
        case .chosen(let grid, _), .leaveOneOut(let grid): alphas = Set(grid).sorted(by: >)
        }
        for value in alphas where value == 0 {
            throw LearnError.badParameter(name: "alpha", value: "\(value)", allowed: "positive with a context")
        }
        let candidates = contextGrid.candidates.flatMap { weights -> [Candidate] in
            alphas.map { Candidate(weights: weights, alpha: $0) }
        }
        let curve = try curve(candidates, context, features, targets)
        let chosen = targetNames.indices.map { candidates[curve?.best(target: $0) ?? 0] }

        let fitted = try scaler.fit(features)
        let problem = ContextRidgeProblem(
            scaled: try fitted.transform(features), targets: targets, codes: context.codes,
            levels: context.levels.count)
        var coefficients = Matrix(rows: targets.columns, columns: features.columns)
        var own = context.levels.map { _ in Matrix(rows: targets.columns, columns: features.columns) }
        var offsets = Matrix(rows: context.levels.count, columns: targets.columns)
        var intercepts = [Double](repeating: 0, count: targets.columns)
        for (target, setting) in chosen.enumerated() {
            let solution = try problem.solver(setting.weights).solve(alpha: setting.alpha)
            for feature in 0..<features.columns {
                coefficients[target, feature] = solution.coefficients[target, feature]
                for level in own.indices { own[level][target, feature] = solution.levels[level][target, feature] }
            }
            for level in own.indices { offsets[level, target] = solution.offsets[level, target] }
            intercepts[target] = solution.intercepts[target]
        }
        let terms = RidgeContext(
            levels: context.levels, coefficients: own, offsets: offsets, weights: chosen.map(\.weights))
        let model = try RidgeModel(
            features: featureNames, targets: targetNames, scaler: fitted, coefficients: coefficients,
            intercepts: intercepts, alphas: chosen.map(\.alpha), context: terms)
        let choice = curve.map {
            RidgeFit.Choice(grid: candidates.map(\.alpha), curve: $0, contexts: candidates.map(\.weights))
        }
        return RidgeFit(model: model, choice: choice)
    }

    /// The errors of all candidates; nil for a single fixed setting.
    private func curve(
        _ candidates: [Candidate], _ context: SongContexts, _ features: Matrix, _ targets: Matrix
    ) throws -> CVCurve? {
        let levels = context.levels.count
        switch alpha {
        case .fixed:
            guard candidates.count == 1 else {
                throw LearnError.badParameter(
                    name: "context grid", value: "\(candidates.count) combinations",
                    allowed: "a single one with a fixed alpha; to choose, give a grid with that alpha alone")
            }
            return nil
        case .leaveOneOut:
            let problem = ContextRidgeProblem(
                scaled: try scaler.fit(features).transform(features), targets: targets, codes: context.codes,
                levels: levels)
            return CVCurve(folds: [
                Matrix(
                    try each(candidates) { (weights: ContextWeights, alphas: [Double]) -> [[Double]] in
                        let loo = try problem.leaveOneOut(weights)
                        return alphas.map { loo.meanSquaredErrors(alpha: $0) }
                    })
            ])
        case .chosen(_, let folds):
            return try InnerCV(folds: folds).score(
                candidates: candidates.count, features: features, targets: targets
            ) { part in
                let fitted = try scaler.fit(part.features)
                let problem = ContextRidgeProblem(
                    scaled: try fitted.transform(part.features), targets: part.targets,
                    codes: part.fold.trainingRows.map { context.codes[$0] }, levels: levels)
                let held = try fitted.transform(part.validationFeatures)
                let codes = part.fold.validationRows.map { context.codes[$0] }
                return try each(candidates) { (weights: ContextWeights, alphas: [Double]) -> [Matrix] in
                    let solver = try problem.solver(weights)
                    return try alphas.map { try solver.solve(alpha: $0).predict(scaled: held, codes: codes) }
                }
            }
        }
    }

    /// Runs of candidates that differ in alpha alone, so that they can share a decomposition.
    private func each<Result>(
        _ candidates: [Candidate], _ body: (ContextWeights, [Double]) throws -> [Result]
    ) rethrows -> [Result] {
        var results: [Result] = []
        var start = 0
        while start < candidates.count {
            let weights = candidates[start].weights
            let end = candidates[start...].firstIndex { $0.weights != weights } ?? candidates.count
            results += try body(weights, candidates[start..<end].map(\.alpha))
            start = end
        }
        return results
    }
}
