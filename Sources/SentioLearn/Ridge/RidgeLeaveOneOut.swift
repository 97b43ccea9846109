import SentioNumerics

/// The leave-one-out errors of ridge for many alphas from one eigendecomposition, as in scikit-learn's `RidgeCV`
/// without `cv` (generalized cross-validation; Golub, Heath & Wahba 1979; Rifkin & Lippert 2007).
///
/// With the hat matrix H(alpha), which maps targets to fitted values, the leave-one-out residual of song i is
/// (y - Hy)_i / (1 - H_ii).
struct RidgeLeaveOneOut {
    /// The eigenvectors, songs × directions.
    private let directions: Matrix
    /// The eigenvalue of each direction.
    private let eigenvalues: [Double]
    /// The weight of a direction is 1 / (eigenvalue + alpha), or eigenvalue / (eigenvalue + alpha) in the dual form.
    private let isDual: Bool
    private let targets: Matrix
    /// The targets projected onto the directions, directions × targets.
    private let projected: Matrix

    /// Centers features and targets.
    ///
    /// - Parameter features: scaled features.
    /// - Throws: `LearnError.singular` if the decomposition fails because numbers are too large for doubles.
    init(features: Matrix, targets: Matrix) throws(LearnError) {
        let centered = RidgeSolver.center(features).0
        let isDual = features.columns > features.rows
        try self.init(centered.gram(ofRows: isDual), columns: isDual ? nil : centered, targets: targets)
    }

    /// The dual form, from a kernel matrix of centered features; centers targets.
    ///
    /// - Throws: as `init(features:targets:)`.
    init(kernel: Matrix, targets: Matrix) throws(LearnError) {
        try self.init(kernel, columns: nil, targets: targets)
    }

    /// - Parameter columns: the centered features in the primal form; nil in the dual form.
    private init(_ gram: Matrix, columns: Matrix?, targets: Matrix) throws(LearnError) {
        self.targets = RidgeSolver.center(targets).0
        isDual = columns == nil
        let eigen: SymmetricEigen
        do {
            eigen = try SymmetricEigen(gram)
        } catch {
            throw .singular(alpha: 0, rows: targets.rows, features: columns?.columns ?? gram.columns, column: nil)
        }
        // Rounding can make the smallest ones negative.
        eigenvalues = eigen.values.map { max(0, $0) }
        directions = columns?.times(eigen.vectors, transposeOther: true) ?? eigen.vectors.transposed()
        projected = directions.times(self.targets, transposeSelf: true)
    }

    /// The mean squared leave-one-out error of each target; infinite where the fit without some song is not unique.
    func meanSquaredErrors(alpha: Double) -> [Double] {
        let count = Double(targets.rows)
        // A direction without variance carries no information; with alpha 0 its weight would be infinite.
        let least = (eigenvalues.max() ?? 0) * 1e-14
        let weights = eigenvalues.map { value in value <= least ? 0 : (isDual ? value : 1) / (value + alpha) }
        var weighted = projected
        for row in 0..<weighted.rows { for column in 0..<weighted.columns { weighted[row, column] *= weights[row] } }
        let fitted = directions.times(weighted)
        var sums = [Double](repeating: 0, count: targets.columns)
        for song in 0..<targets.rows {
            let leverage = zip(directions.row(song), weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            let rest = 1 - 1 / count - leverage
            for target in 0..<targets.columns {
                let miss = rest > 1e-12 ? (targets[song, target] - fitted[song, target]) / rest : .infinity
                sums[target] += miss * miss
            }
        }
        return sums.map { $0 / count }
    }
}
