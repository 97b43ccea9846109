public import SentioNumerics

/// Epsilon support vector regression, one machine per target: the problem and the defaults of scikit-learn's `SVR`
/// (LIBSVM).
///
/// From a grid of settings, each target gets those with the smallest cross-validated mean squared error; each fold fits
/// its own scaler. If the whole kernel matrix fits in the cache, it is computed once for all targets. Deterministic for
/// a fixed number of BLAS threads.
public struct SVR: Sendable {
    /// How features are scaled.
    public let scaler: ScalerMethod
    /// The kernel; its gamma is replaced by those of the grid.
    public let kernel: SVRKernelChoice
    /// The settings to choose from.
    public let grid: SVRGrid
    /// The folds of the cross-validation that chooses from the grid; unused if there is only one setting.
    public let folds: CVFolds
    /// When the optimization stops: at the largest violation of the optimality conditions.
    public let tolerance: Double
    /// Memory for kernel rows, in bytes; does not change the result beyond rounding.
    public let cacheBytes: Int
    /// Maximum number of steps of an optimization; nil for LIBSVM's limit, max(10 million, 100 × songs).
    public let stepLimit: Int?
    /// For targets in different units: what C, epsilon and tolerance are multiplied by for each target, which is the
    /// same as dividing the target by it. Empty: 1 for all.
    public var targetUnits: [Double] = []

    /// A single setting. Defaults: scikit-learn's, after standard scaling.
    public init(
        scaler: ScalerMethod = .standard, kernel: SVRKernelChoice = .rbf(), c: Double = 1, epsilon: Double = 0.1,
        tolerance: Double = 1e-3, cacheBytes: Int = 200_000_000, stepLimit: Int? = nil
    ) {
        self.init(
            scaler: scaler, kernel: kernel, grid: SVRGrid(cs: [c], gammas: [kernel.gamma], epsilons: [epsilon]),
            tolerance: tolerance,
            cacheBytes: cacheBytes, stepLimit: stepLimit)
    }

    /// Several settings to choose from; the gammas of the grid replace that of the kernel.
    public init(
        scaler: ScalerMethod = .standard, kernel: SVRKernelChoice = .rbf(), grid: SVRGrid,
        folds: CVFolds = .seeded(count: 5, seed: 0), tolerance: Double = 1e-3, cacheBytes: Int = 200_000_000,
        stepLimit: Int? = nil
    ) {
        self.scaler = scaler
        self.kernel = kernel
        self.grid =
            kernel.hasGamma
            ? grid : SVRGrid(cs: grid.cs, gammas: [.scale], epsilons: grid.epsilons, slopes: grid.slopes)
        self.folds = folds
        self.tolerance = tolerance
        self.cacheBytes = cacheBytes
        self.stepLimit = stepLimit
    }

    /// Fits on training songs only.
    ///
    /// - Parameters:
    ///   - features: songs x features.
    ///   - targets: songs x targets.
    ///   - featureNames: default f0, f1, ...
    ///   - targetNames: default y0, y1, ...
    ///   - songs: row names for messages.
    ///   - contexts: the context of each song, for a grid with slopes; nil for machines that know no contexts.
    /// - Throws: `LearnError` for empty tables or a single row, tables that do not match, NaN or infinity (with row and
    ///   column), a parameter out of range, invalid folds, or kernel values too large for doubles.
    public func fit(
        features: Matrix, targets: Matrix, featureNames: [String]? = nil, targetNames: [String]? = nil,
        songs: [String]? = nil, contexts: SongContexts? = nil
    ) throws -> SVRFit {
        try checkParameters(hasContexts: contexts != nil)
        try contexts?.require(rows: features.rows)
        let featureNames = try TableChecks.names(featureNames, count: features.columns, prefix: "f", table: "features")
        let targetNames = try TableChecks.names(targetNames, count: targets.columns, prefix: "y", table: "targets")
        try TableChecks.requireTraining(
            features, targets, featureNames: featureNames, targetNames: targetNames, rowNames: songs, method: "SVR")

        guard targetUnits.isEmpty || targetUnits.count == targets.columns else {
            throw LearnError.nameMismatch(table: "targets", names: targetUnits.count, columns: targets.columns)
        }
        let candidates = grid.candidates
        let curve = candidates.count > 1 ? try search(candidates, features, targets, contexts) : nil
        let chosen = (0..<targets.columns).map { candidates[curve?.best(target: $0) ?? 0] }

        let fitted = try scaler.fit(features)
        let tables = SVRTables(
            scaled: try fitted.transform(features), svr: self, codes: contexts?.codes,
            levels: contexts?.levels.count ?? 0, sharesProducts: false)
        var solved: [Int: (SupportVectorMachine, SMOSolver.Solution)] = [:]
        // One kernel matrix at a time.
        for setting in grid.kernels {
            let mine = chosen.indices.filter { chosen[$0].kernel == setting && solved[$0] == nil }
            guard !mine.isEmpty else { continue }
            let (problem, gamma) = tables.problem(setting)
            let rows = try problem.rows(gamma: gamma)
            for target in mine {
                let solution = solver(chosen[target], target).solve(rows: rows, targets: targets.column(target))
                solved[target] = (try problem.machine(solution, gamma: gamma), solution)
            }
        }
        let results = targetNames.indices.compactMap { solved[$0] }
        let context = contexts.map { SVRContext(levels: $0.levels, slopes: chosen.map { $0.slope ?? 0 }) }
        return SVRFit(
            model: try SVRModel(
                features: featureNames, targets: targetNames, scaler: fitted, machines: results.map(\.0),
                context: context),
            runs: results.map {
                SVRFit.Run(iterations: $0.1.iterations, converged: $0.1.converged, objective: $0.1.objective)
            },
            settings: chosen, choice: curve.map { SVRFit.Choice(candidates: candidates, curve: $0) })
    }

    private func search(
        _ candidates: [SVRGrid.Candidate], _ features: Matrix, _ targets: Matrix, _ contexts: SongContexts?
    ) throws -> CVCurve {
        try InnerCV(folds: folds).score(candidates: candidates.count, features: features, targets: targets) { part in
            let fitted = try scaler.fit(part.features)
            let tables = SVRTables(
                scaled: try fitted.transform(part.features), svr: self,
                codes: contexts.map { contexts in part.fold.trainingRows.map { contexts.codes[$0] } },
                levels: contexts?.levels.count ?? 0, sharesProducts: true)
            let scaled = try fitted.transform(part.validationFeatures)
            let codes = contexts.map { contexts in part.fold.validationRows.map { contexts.codes[$0] } } ?? []
            var predictions = [Matrix?](repeating: nil, count: candidates.count)
            for setting in grid.kernels {
                let mine = candidates.indices.filter { candidates[$0].kernel == setting && predictions[$0] == nil }
                guard !mine.isEmpty else { continue }
                let (problem, gamma) = tables.problem(setting)
                let held = tables.columns(of: scaled, codes, setting)
                let rows = try problem.rows(gamma: gamma)
                for index in mine {
                    let columns = try (0..<targets.columns).map { target in
                        let solution = solver(candidates[index], target).solve(
                            rows: rows, targets: part.targets.column(target))
                        return try problem.machine(solution, gamma: gamma).predict(held)
                    }
                    predictions[index] = Matrix(rows: columns.count, columns: held.rows, values: columns.flatMap { $0 })
                        .transposed()
                }
            }
            return predictions.compactMap { $0 }
        }
    }

    private func solver(_ candidate: SVRGrid.Candidate, _ target: Int) -> SMOSolver {
        let unit = targetUnits.isEmpty ? 1 : targetUnits[target]
        return SMOSolver(
            c: unit * candidate.c, epsilon: unit * candidate.epsilon, tolerance: unit * tolerance, stepLimit: stepLimit)
    }

    private func checkParameters(hasContexts: Bool) throws(LearnError) {
        guard hasContexts != grid.slopes.isEmpty else {
            throw .badParameter(
                name: "slopes", value: hasContexts ? "empty" : "given",
                allowed: "given with contexts, and empty without")
        }
        for slope in grid.slopes where !(slope >= 0 && slope.isFinite) {
            throw .badParameter(name: "slope", value: "\(slope)", allowed: "0 or a positive number")
        }
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
        if let unit = targetUnits.first(where: { !($0 > 0 && $0.isFinite) }) {
            throw .badParameter(name: "targetUnits", value: "\(unit)", allowed: "positive numbers")
        }
        guard cacheBytes >= 0 else {
            throw .badParameter(name: "cacheBytes", value: "\(cacheBytes)", allowed: "0 or more")
        }
    }
}
