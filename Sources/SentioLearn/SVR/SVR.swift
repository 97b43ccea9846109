public import SentioNumerics

/// Epsilon support vector regression, one machine a target: the problem and the defaults of scikit-learn's `SVR`
/// (LIBSVM).
///
/// Defaults: `standard` scaling, RBF with gamma 1 / (features x variance), C 1, epsilon 0.1, tolerance 1e-3,
/// 200 MB for kernel rows (where the whole matrix fits it is computed once and serves all targets). Of several settings
/// each target gets those with the smallest cross-validated mean squared error; the scaler is fitted again inside each
/// fold. Deterministic for a fixed number of BLAS threads.
public struct SVR: Sendable {
    public let scaler: ScalerMethod
    /// Its gamma counts where there is no grid.
    public let kernel: SVRKernelChoice
    public let grid: SVRGrid
    /// Of the cross-validation that chooses from the grid; not used with a grid of one.
    public let folds: CVFolds
    public let tolerance: Double
    /// Memory for kernel rows, in bytes; does not change the result beyond rounding.
    public let cacheBytes: Int
    /// Steps after which a search is given up; nil: as LIBSVM, max(10 million, 100 × songs).
    public let stepLimit: Int?

    /// One setting.
    public init(
        scaler: ScalerMethod = .standard, kernel: SVRKernelChoice = .rbf(), c: Double = 1, epsilon: Double = 0.1,
        tolerance: Double = 1e-3, cacheBytes: Int = 200_000_000, stepLimit: Int? = nil
    ) {
        self.init(
            scaler: scaler, kernel: kernel, grid: SVRGrid(cs: [c], gammas: [kernel.gamma], epsilons: [epsilon]),
            tolerance: tolerance,
            cacheBytes: cacheBytes, stepLimit: stepLimit)
    }

    /// Settings to choose from; the grid's gammas replace the kernel's.
    public init(
        scaler: ScalerMethod = .standard, kernel: SVRKernelChoice = .rbf(), grid: SVRGrid,
        folds: CVFolds = .seeded(count: 5, seed: 0), tolerance: Double = 1e-3, cacheBytes: Int = 200_000_000,
        stepLimit: Int? = nil
    ) {
        self.scaler = scaler
        self.kernel = kernel
        self.grid = kernel.hasGamma ? grid : SVRGrid(cs: grid.cs, gammas: [.scale], epsilons: grid.epsilons)
        self.folds = folds
        self.tolerance = tolerance
        self.cacheBytes = cacheBytes
        self.stepLimit = stepLimit
    }

    /// Fits on training songs only: `features` is songs x features, `targets` songs x targets.
    ///
    /// - Throws: `LearnError`: empty tables or a single row, tables that do not agree, NaN or infinity (with row and
    ///   column), a parameter out of range, folds that cannot be used, kernel values too large for doubles.
    public func fit(
        features: Matrix, targets: Matrix, featureNames: [String]? = nil, targetNames: [String]? = nil,
        songs: [String]? = nil
    ) throws -> SVRFit {
        try checkParameters()
        let featureNames = try TableChecks.names(featureNames, count: features.columns, prefix: "f", table: "features")
        let targetNames = try TableChecks.names(targetNames, count: targets.columns, prefix: "y", table: "targets")
        try TableChecks.requireTraining(
            features, targets, featureNames: featureNames, targetNames: targetNames, rowNames: songs, method: "SVR")

        let candidates = grid.candidates
        let curve = candidates.count > 1 ? try search(candidates, features, targets) : nil
        let chosen = (0..<targets.columns).map { candidates[curve?.best(target: $0) ?? 0] }

        let fitted = try scaler.fit(features)
        let problem = SVRProblem(table: try fitted.transform(features), svr: self, sharesProducts: false)
        var solved: [Int: (SupportVectorMachine, SMOSolver.Solution)] = [:]
        // One kernel matrix at a time.
        for gamma in grid.gammas {
            let mine = chosen.indices.filter { chosen[$0].gamma == gamma && solved[$0] == nil }
            guard !mine.isEmpty else { continue }
            let rows = try problem.rows(gamma: gamma)
            for target in mine {
                let solution = solver(chosen[target]).solve(rows: rows, targets: targets.column(target))
                solved[target] = (try problem.machine(solution, gamma: gamma), solution)
            }
        }
        let results = targetNames.indices.compactMap { solved[$0] }
        return SVRFit(
            model: try SVRModel(
                features: featureNames, targets: targetNames, scaler: fitted, machines: results.map(\.0)),
            runs: results.map {
                SVRFit.Run(iterations: $0.1.iterations, converged: $0.1.converged, objective: $0.1.objective)
            },
            settings: chosen, choice: curve.map { SVRFit.Choice(candidates: candidates, curve: $0) })
    }

    private func search(_ candidates: [SVRGrid.Candidate], _ features: Matrix, _ targets: Matrix) throws -> CVCurve {
        try InnerCV(folds: folds).score(candidates: candidates.count, features: features, targets: targets) { part in
            let fitted = try scaler.fit(part.features)
            let problem = SVRProblem(table: try fitted.transform(part.features), svr: self, sharesProducts: true)
            let held = try fitted.transform(part.validationFeatures)
            var predictions = [Matrix?](repeating: nil, count: candidates.count)
            for gamma in grid.gammas {
                let mine = candidates.indices.filter { candidates[$0].gamma == gamma && predictions[$0] == nil }
                guard !mine.isEmpty else { continue }
                let rows = try problem.rows(gamma: gamma)
                for index in mine {
                    let columns = try (0..<targets.columns).map { target in
                        let solution = solver(candidates[index]).solve(rows: rows, targets: part.targets.column(target))
                        return try problem.machine(solution, gamma: gamma).predict(held)
                    }
                    predictions[index] = Matrix(rows: columns.count, columns: held.rows, values: columns.flatMap { $0 })
                        .transposed()
                }
            }
            return predictions.compactMap { $0 }
        }
    }

    private func solver(_ candidate: SVRGrid.Candidate) -> SMOSolver {
        SMOSolver(c: candidate.c, epsilon: candidate.epsilon, tolerance: tolerance, stepLimit: stepLimit)
    }

    private func checkParameters() throws(LearnError) {
        for (name, values) in [("C", grid.cs), ("tolerance", [tolerance])] {
            for value in values where !(value > 0 && value.isFinite) {
                throw .badParameter(name: name, value: "\(value)", allowed: "a positive number")
            }
        }
        for epsilon in grid.epsilons where !(epsilon >= 0 && epsilon.isFinite) {
            throw .badParameter(name: "epsilon", value: "\(epsilon)", allowed: "0 or a positive number")
        }
        for (name, isEmpty) in [
            ("C", grid.cs.isEmpty), ("gamma", grid.gammas.isEmpty), ("epsilon", grid.epsilons.isEmpty),
        ] where isEmpty {
            throw .badParameter(name: name, value: "empty", allowed: "a list of numbers")
        }
        guard cacheBytes >= 0 else {
            throw .badParameter(name: "cacheBytes", value: "\(cacheBytes)", allowed: "0 or more")
        }
    }
}
