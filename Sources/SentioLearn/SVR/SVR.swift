public import SentioNumerics

/// Epsilon support vector regression, one machine a target: the problem and the defaults of scikit-learn's `SVR`
/// (LIBSVM).
///
/// Defaults: `standard` scaling, RBF with gamma 1 / (features x variance), C 1, epsilon 0.1, tolerance 1e-3,
/// 200 MB for kernel rows (where the whole matrix fits it is computed once and serves all targets). Deterministic for
/// a fixed number of BLAS threads.
public struct SVR: Sendable, Hashable {
    public let scaler: ScalerMethod
    public let kernel: SVRKernelChoice
    public let c: Double
    public let epsilon: Double
    public let tolerance: Double
    /// Memory for kernel rows, in bytes; does not change the result beyond rounding.
    public let cacheBytes: Int

    public init(
        scaler: ScalerMethod = .standard, kernel: SVRKernelChoice = .rbf(), c: Double = 1, epsilon: Double = 0.1,
        tolerance: Double = 1e-3, cacheBytes: Int = 200_000_000
    ) {
        self.scaler = scaler
        self.kernel = kernel
        self.c = c
        self.epsilon = epsilon
        self.tolerance = tolerance
        self.cacheBytes = cacheBytes
    }

    /// Fits on training songs only: `features` is songs x features, `targets` songs x targets.
    ///
    /// - Throws: `LearnError`: empty tables or a single row, tables that do not agree, NaN or infinity (with row and
    ///   column), a parameter out of range, kernel values too large for doubles.
    public func fit(
        features: Matrix, targets: Matrix, featureNames: [String]? = nil, targetNames: [String]? = nil,
        songs: [String]? = nil
    ) throws -> SVRFit {
        try checkParameters()
        let featureNames = try Table.names(featureNames, count: features.columns, prefix: "f", table: "features")
        let targetNames = try Table.names(targetNames, count: targets.columns, prefix: "y", table: "targets")
        try Table.requireTraining(
            features, targets, featureNames: featureNames, targetNames: targetNames, rowNames: songs, method: "SVR")

        let fitted = try scaler.fit(features)
        let scaled = try fitted.transform(features)
        let kernel = kernel.resolve(scaled)
        try kernel.validate()
        let rows = KernelRows(table: scaled, kernel: kernel, bytes: cacheBytes)
        guard rows.diagonal.allSatisfy(\.isFinite) else {
            throw LearnError.badParameter(
                name: "kernel", value: kernel.name,
                allowed: "one with finite values on these features; standardise them or lower gamma or degree")
        }
        let solver = SMOSolver(c: c, epsilon: epsilon, tolerance: tolerance)
        let solutions = (0..<targets.columns).map { solver.solve(rows: rows, targets: targets.column($0)) }
        let machines = try solutions.map { solution in
            let used = solution.coefficients.indices.filter { solution.coefficients[$0] != 0 }
            return try SupportVectorMachine(
                kernel: kernel, vectors: scaled.selecting(rows: used),
                coefficients: used.map { solution.coefficients[$0] }, intercept: solution.intercept)
        }
        return SVRFit(
            model: try SVRModel(features: featureNames, targets: targetNames, scaler: fitted, machines: machines),
            runs: solutions.map {
                SVRFit.Run(iterations: $0.iterations, converged: $0.converged, objective: $0.objective)
            })
    }

    private func checkParameters() throws(LearnError) {
        for (name, value) in [("C", c), ("tolerance", tolerance)] where !(value > 0 && value.isFinite) {
            throw .badParameter(name: name, value: "\(value)", allowed: "a positive number")
        }
        guard epsilon >= 0, epsilon.isFinite else {
            throw .badParameter(name: "epsilon", value: "\(epsilon)", allowed: "0 or a positive number")
        }
        guard cacheBytes >= 0 else {
            throw .badParameter(name: "cacheBytes", value: "\(cacheBytes)", allowed: "0 or more")
        }
    }
}
