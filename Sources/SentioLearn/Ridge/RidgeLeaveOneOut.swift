import SentioNumerics

/// The leave-one-out errors of ridge for many alphas from one eigendecomposition, as scikit-learn's `RidgeCV` without
/// `cv` (generalised cross-validation; Golub, Heath & Wahba 1979; Rifkin & Lippert 2007).
///
/// With H(alpha) the matrix that takes targets to fitted values, song i left out is missed by (y - Hy)_i / (1 - H_ii).
struct RidgeLeaveOneOut {
    /// Songs × directions, and the eigenvalue of each direction.
    private let directions: Matrix
    private let eigenvalues: [Double]
    /// Weight of a direction is 1 / (eigenvalue + alpha), or in the dual form eigenvalue / (eigenvalue + alpha).
    private let isDual: Bool
    private let targets: Matrix
    /// directions' targets: directions × targets.
    private let projected: Matrix

    /// - parameter features: scaled; centred here, as are the targets.
    /// - Throws: `LearnError.singular` where the decomposition fails: numbers too large for doubles.
    init(features: Matrix, targets: Matrix) throws(LearnError) {
        let centered = RidgeSolver.center(features).0
        self.targets = RidgeSolver.center(targets).0
        isDual = features.columns > features.rows
        let eigen: SymmetricEigen
        do {
            eigen = try SymmetricEigen(centered.gram(ofRows: isDual))
        } catch {
            throw .singular(alpha: 0, rows: features.rows, features: features.columns, column: nil)
        }
        // Rounding makes the smallest of them negative.
        eigenvalues = eigen.values.map { max(0, $0) }
        directions = isDual ? eigen.vectors.transposed() : centered.times(eigen.vectors, transposeOther: true)
        projected = directions.times(self.targets, transposeSelf: true)
    }

    /// The mean squared error of each target; infinite where a song cannot be left out.
    func meanSquaredErrors(alpha: Double) -> [Double] {
        let count = Double(targets.rows)
        // A direction without variance says nothing, also with alpha 0.
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
