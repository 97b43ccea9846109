import SentioNumerics

/// A ridge problem with contexts for one pair of weights, decomposed once and solved for any alpha.
struct ContextRidgeSolver {
    private let problem: ContextRidgeProblem
    private let weights: ContextWeights
    /// Row i is the direction of eigenvalue i: over songs (dual) or over columns (primal).
    private let vectors: Matrix
    private let eigenvalues: [Double]
    /// The right-hand sides along the directions: directions x targets.
    private let projected: Matrix

    struct Solution {
        /// Targets x features.
        let coefficients: Matrix
        let intercepts: [Double]
        /// What each level adds: targets x features.
        let levels: [Matrix]
        /// Levels x targets.
        let offsets: Matrix

        /// Predictions (songs x targets) for scaled features.
        func predict(scaled: Matrix, codes: [Int?]) -> Matrix {
            var result = RidgeModel.predict(scaled: scaled, coefficients: coefficients, intercepts: intercepts)
            RidgeContext.add(coefficients: levels, offsets: offsets, scaled: scaled, codes: codes, to: &result)
            return result
        }
    }

    /// - Parameter sides: the centered targets (dual) or their inner products with the columns (primal).
    init(problem: ContextRidgeProblem, weights: ContextWeights, eigen: SymmetricEigen, sides: Matrix) {
        self.problem = problem
        self.weights = weights
        vectors = eigen.vectors
        // Rounding can make the smallest ones negative.
        eigenvalues = eigen.values.map { max(0, $0) }
        projected = eigen.vectors.times(sides)
    }

    /// Solves for all targets.
    ///
    /// - Parameter alpha: positive.
    /// - Throws: `LearnError.singular` if numbers are too large for doubles.
    func solve(alpha: Double) throws(LearnError) -> Solution {
        var weighted = projected
        for row in 0..<weighted.rows {
            for target in 0..<weighted.columns { weighted[row, target] /= eigenvalues[row] + alpha }
        }
        let solved = vectors.times(weighted, transposeSelf: true)
        let solution = problem.isDual ? dual(solved) : primal(solved)
        guard solution.coefficients.values.allSatisfy(\.isFinite), solution.intercepts.allSatisfy(\.isFinite),
            solution.levels.allSatisfy({ $0.values.allSatisfy(\.isFinite) })
        else {
            throw .singular(
                alpha: alpha, rows: problem.scaled.rows, features: problem.scaled.columns, column: nil)
        }
        return solution
    }

    /// From one weight per song and target. They sum to 0, because the kernel is centered.
    private func dual(_ solved: Matrix) -> Solution {
        let offset = problem.offset(weights)
        var levels: [Matrix] = [], offsets = Matrix(rows: problem.members.count, columns: solved.columns)
        for (level, rows) in problem.members.enumerated() {
            let own = solved.selecting(rows: rows)
            var part = own.times(problem.parts[level], transposeSelf: true)
            part.withUnsafeMutableValues { values in for index in values.indices { values[index] *= weights.slope } }
            levels.append(part)
            for (target, sum) in ContextRidgeProblem.sums(own).enumerated() { offsets[level, target] = offset * sum }
        }
        return solution(solved.times(problem.scaled, transposeSelf: true), levels, offsets)
    }

    /// From one coefficient per column and target.
    private func primal(_ solved: Matrix) -> Solution {
        let features = problem.scaled.columns, count = problem.members.count
        let (slope, offset) = (weights.slope.squareRoot(), problem.offset(weights).squareRoot())
        var blocks: [Matrix] = []
        for block in 0...count {
            var part = solved.selecting(rows: Array(block * features..<(block + 1) * features)).transposed()
            if block > 0 {
                part.withUnsafeMutableValues { values in for index in values.indices { values[index] *= slope } }
            }
            blocks.append(part)
        }
        var offsets = solved.selecting(rows: Array((count + 1) * features..<(count + 1) * features + count))
        offsets.withUnsafeMutableValues { values in for index in values.indices { values[index] *= offset } }
        return solution(blocks[0], Array(blocks.dropFirst()), offsets)
    }

    /// With the intercepts, which make the mean residual 0.
    private func solution(_ coefficients: Matrix, _ levels: [Matrix], _ offsets: Matrix) -> Solution {
        let count = Double(max(1, problem.scaled.rows))
        var intercepts = problem.targetMeans
        for target in intercepts.indices {
            intercepts[target] -= Self.product(coefficients.row(target), problem.means)
            for (level, rows) in problem.members.enumerated() {
                let sums = ContextRidgeProblem.sums(problem.parts[level])
                intercepts[target] -= Self.product(levels[level].row(target), sums) / count
                intercepts[target] -= offsets[level, target] * Double(rows.count) / count
            }
        }
        return Solution(coefficients: coefficients, intercepts: intercepts, levels: levels, offsets: offsets)
    }

    private static func product(_ left: ArraySlice<Double>, _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
