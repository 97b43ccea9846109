import SentioNumerics

/// The ridge problem of one scaled training table whose songs have contexts, for any weights of the contexts.
///
/// It is the ridge regression on the features, for each level a copy of them that is 0 for songs of other levels, times
/// sqrt(slope), and for each level a column sqrt(offset x features) that is 0 for songs of other levels. All columns
/// are centered, so the intercept is not penalized, just as without contexts. With more of these columns than songs,
/// only the kernel matrix of the songs is formed, never the columns.
struct ContextRidgeProblem {
    /// Songs x features.
    let scaled: Matrix
    /// The rows of each level.
    let members: [[Int]]
    /// The rows of the table of each level.
    let parts: [Matrix]
    /// The mean of each feature.
    let means: [Double]
    /// Centered: songs x targets.
    let targets: Matrix
    let targetMeans: [Double]
    /// Inner products of all songs with each other; nil if there are fewer columns than songs.
    private let products: Matrix?

    init(scaled: Matrix, targets: Matrix, codes: [Int?], levels: Int) {
        let members = (0..<levels).map { level -> [Int] in codes.indices.filter { codes[$0] == level } }
        self.scaled = scaled
        self.members = members
        parts = members.map { scaled.selecting(rows: $0) }
        means = Self.sums(scaled).map { $0 / Double(max(1, scaled.rows)) }
        (self.targets, targetMeans) = RidgeSolver.center(targets)
        let columns = (levels + 1) * scaled.columns + levels
        products = columns > scaled.rows ? scaled.gram(ofRows: true) : nil
    }

    var isDual: Bool { products != nil }

    /// - Throws: `LearnError.singular` if the decomposition fails because numbers are too large for doubles.
    func solver(_ weights: ContextWeights) throws(LearnError) -> ContextRidgeSolver {
        let gram: Matrix, sides: Matrix
        if let kernel = kernel(weights) {
            (gram, sides) = (kernel, targets)
        } else {
            let columns = RidgeSolver.center(augmented(weights)).0
            (gram, sides) = (columns.gram(), columns.times(targets, transposeSelf: true))
        }
        let eigen: SymmetricEigen
        do {
            eigen = try SymmetricEigen(gram)
        } catch {
            throw .singular(alpha: 0, rows: scaled.rows, features: scaled.columns, column: nil)
        }
        return ContextRidgeSolver(problem: self, weights: weights, eigen: eigen, sides: sides)
    }

    /// - Throws: as `solver`.
    func leaveOneOut(_ weights: ContextWeights) throws(LearnError) -> RidgeLeaveOneOut {
        guard let kernel = kernel(weights) else {
            return try RidgeLeaveOneOut(features: augmented(weights), targets: targets)
        }
        return try RidgeLeaveOneOut(kernel: kernel, targets: targets)
    }

    /// The centered kernel matrix in the dual form.
    private func kernel(_ weights: ContextWeights) -> Matrix? {
        guard var kernel = products else { return nil }
        let offset = offset(weights), count = kernel.rows
        kernel.withUnsafeMutableValues { values in
            for rows in members {
                for row in rows {
                    for column in rows {
                        let index = row * count + column
                        values[index] = values[index] * (1 + weights.slope) + offset
                    }
                }
            }
        }
        return RidgeSolver.center(RidgeSolver.center(kernel).0.transposed()).0
    }

    /// The columns in the primal form: songs x ((levels + 1) features + levels).
    private func augmented(_ weights: ContextWeights) -> Matrix {
        let features = scaled.columns, levels = members.count
        let (slope, offset) = (weights.slope.squareRoot(), self.offset(weights).squareRoot())
        let width = (levels + 1) * features + levels
        var result = Matrix(rows: scaled.rows, columns: width)
        result.withUnsafeMutableValues { values in
            for row in 0..<scaled.rows {
                for (feature, value) in scaled.row(row).enumerated() { values[row * width + feature] = value }
            }
            for (level, rows) in members.enumerated() {
                for row in rows {
                    let start = row * width + (level + 1) * features
                    for (feature, value) in scaled.row(row).enumerated() { values[start + feature] = slope * value }
                    values[row * width + (levels + 1) * features + level] = offset
                }
            }
        }
        return result
    }

    /// The weight of a level's constant, which counts as much as all features together.
    func offset(_ weights: ContextWeights) -> Double { weights.offset * Double(scaled.columns) }

    /// The sum of each column.
    static func sums(_ table: Matrix) -> [Double] {
        var sums = [Double](repeating: 0, count: table.columns)
        table.forEachElement(with: &sums) { sum, value in sum += value }
        return sums
    }
}
