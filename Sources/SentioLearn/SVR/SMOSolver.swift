import SentioNumerics

/// Sequential minimal optimisation of epsilon-SVR's dual with second-order working sets (Fan, Chen & Lin 2005), the
/// algorithm of LIBSVM, with shrinking.
///
/// LIBSVM's two variables a, a* of a song are never both positive on this path, so one b = a - a* in -C...C stands for
/// both: minimise 1/2 b'Kb - y'b + epsilon |b|_1 with sum b = 0. With e = y - Kb, raising b_i gains `rise(i)` a unit
/// (e - epsilon, or e + epsilon while b_i < 0) and lowering b_j costs `fall(j)`; the solution is reached when no rise
/// exceeds a fall by the tolerance.
struct SMOSolver {
    let c: Double
    let epsilon: Double
    let tolerance: Double
    let shrinking: Bool

    struct Solution {
        /// b, one a song.
        let coefficients: [Double]
        let intercept: Double
        let iterations: Int
        let converged: Bool
        /// The minimised dual objective.
        let objective: Double
    }

    /// LIBSVM's stand-in for a second derivative that is not positive.
    private static let tau = 1e-12

    func solve(rows: KernelRows, targets: [Double]) -> Solution {
        let count = rows.count
        var coefficients = [Double](repeating: 0, count: count)
        var errors = targets
        var active = Array(0..<count)
        let limit = max(10_000_000, count > Int.max / 100 ? Int.max : 100 * count)
        var iterations = 0
        var untilShrink = min(count, 1000)
        var unshrunk = false
        var converged = false

        while iterations < limit {
            untilShrink -= 1
            if shrinking, untilShrink == 0 {
                untilShrink = min(count, 1000)
                let gap = self.gap(coefficients, errors, active)
                if !unshrunk, gap.rise - gap.fall <= 10 * tolerance {
                    // Close to the end: look at everything once more, as the shrinking so far was a guess.
                    unshrunk = true
                    restore(&active, &errors, coefficients, rows, targets)
                }
                active = active.filter { !isShrunk(coefficients[$0], errors[$0], gap) }
            }
            if step(rows, active, &coefficients, &errors) {
                iterations += 1
                continue
            }
            if active.count == count {
                converged = true
                break
            }
            restore(&active, &errors, coefficients, rows, targets)
            untilShrink = 1
            unshrunk = true
            // Without a step on the whole set the solution is reached.
            if !step(rows, active, &coefficients, &errors) {
                converged = true
                break
            }
            iterations += 1
        }
        if active.count < count { restore(&active, &errors, coefficients, rows, targets) }
        return Solution(
            coefficients: coefficients, intercept: intercept(coefficients, errors), iterations: iterations,
            converged: converged, objective: objective(coefficients, errors, targets))
    }

    /// Moves the most promising pair; false if none violates the optimality conditions by more than the tolerance.
    private func step(
        _ rows: KernelRows, _ active: [Int], _ coefficients: inout [Double], _ errors: inout [Double]
    ) -> Bool {
        var (best, bestRise) = (-1, -Double.infinity)
        coefficients.withUnsafeBufferPointer { b in
            errors.withUnsafeBufferPointer { e in
                for index in active {
                    let rise = rise(b[index], e[index])
                    if rise > bestRise { (best, bestRise) = (index, rise) }
                }
            }
        }
        guard best >= 0 else { return false }
        guard let partner = partner(of: best, bestRise, rows, active, coefficients, errors) else { return false }

        let curvature = rows.withRows(best, partner) { first, _ in
            rows.diagonal[best] + rows.diagonal[partner] - 2 * first[partner]
        }
        let slope = bestRise - fall(coefficients[partner], errors[partner])
        var move = slope / (curvature > 0 ? curvature : Self.tau)
        let roomUp = coefficients[best] < 0 ? -coefficients[best] : c - coefficients[best]
        let roomDown = coefficients[partner] > 0 ? coefficients[partner] : c + coefficients[partner]
        // At a bound or at the kink in 0 the coefficient lands on it exactly.
        if move >= roomUp || move >= roomDown {
            move = min(roomUp, roomDown)
            let up = coefficients[best] < 0 ? 0 : c
            let down = coefficients[partner] > 0 ? 0 : -c
            coefficients[best] = roomUp <= roomDown ? up : coefficients[best] + move
            coefficients[partner] = roomDown <= roomUp ? down : coefficients[partner] - move
        } else {
            coefficients[best] += move
            coefficients[partner] -= move
        }
        rows.withRows(best, partner) { first, second in
            errors.withUnsafeMutableBufferPointer { e in
                if active.count == e.count {
                    for index in 0..<e.count { e[index] -= move * (first[index] - second[index]) }
                } else {
                    for index in active { e[index] -= move * (first[index] - second[index]) }
                }
            }
        }
        return true
    }

    /// The song whose lowering, together with raising `best`, lowers the objective most by second-order estimate.
    private func partner(
        of best: Int, _ bestRise: Double, _ rows: KernelRows, _ active: [Int], _ coefficients: [Double],
        _ errors: [Double]
    ) -> Int? {
        var (partner, bestGain, lowest) = (-1, 0.0, Double.infinity)
        let diagonalBest = rows.diagonal[best]
        rows.withRows(best, best) { row, _ in
            coefficients.withUnsafeBufferPointer { b in
                errors.withUnsafeBufferPointer { e in
                    rows.diagonal.withUnsafeBufferPointer { diagonal in
                        for index in active {
                            let fall = fall(b[index], e[index])
                            if fall < lowest { lowest = fall }
                            let slope = bestRise - fall
                            guard slope > 0 else { continue }
                            let curvature = diagonalBest + diagonal[index] - 2 * row[index]
                            let gain = slope * slope / (curvature > 0 ? curvature : Self.tau)
                            if gain > bestGain { (partner, bestGain) = (index, gain) }
                        }
                    }
                }
            }
        }
        return bestRise - lowest < tolerance || partner < 0 ? nil : partner
    }

    /// The gain a unit of raising b; -infinity at C.
    @inline(__always)
    private func rise(_ b: Double, _ e: Double) -> Double {
        b < 0 ? e + epsilon : b < c ? e - epsilon : -.infinity
    }

    /// The cost a unit of lowering b; infinity at -C.
    @inline(__always)
    private func fall(_ b: Double, _ e: Double) -> Double {
        b > 0 ? e - epsilon : b > -c ? e + epsilon : .infinity
    }

    private func gap(_ b: [Double], _ e: [Double], _ active: [Int]) -> (rise: Double, fall: Double) {
        active.reduce((-Double.infinity, Double.infinity)) { gap, index in
            (max(gap.0, rise(b[index], e[index])), min(gap.1, fall(b[index], e[index])))
        }
    }

    /// A song at a bound, or at 0, that no pair with it could improve at present.
    private func isShrunk(_ b: Double, _ e: Double, _ gap: (rise: Double, fall: Double)) -> Bool {
        if b == c { return fall(b, e) > gap.rise }
        if b == -c { return rise(b, e) < gap.fall }
        return b == 0 && rise(b, e) < gap.fall && fall(b, e) > gap.rise
    }

    /// Makes all songs active again and brings the errors of those that were not up to date.
    private func restore(
        _ active: inout [Int], _ errors: inout [Double], _ b: [Double], _ rows: KernelRows, _ targets: [Double]
    ) {
        guard active.count < rows.count else { return }
        let present = Set(active)
        let missing = (0..<rows.count).filter { !present.contains($0) }
        for (index, sum) in zip(missing, rows.weightedSums(rows: missing, weights: b)) {
            errors[index] = targets[index] - sum
        }
        active = Array(0..<rows.count)
    }

    /// The mean over free coefficients of what puts the error on the tube's edge; without any, the middle of the gap.
    private func intercept(_ b: [Double], _ e: [Double]) -> Double {
        let free = b.indices.filter { b[$0] != 0 && b[$0].magnitude < c }
        if !free.isEmpty {
            return free.reduce(0) { $0 + e[$1] - (b[$1] > 0 ? epsilon : -epsilon) } / Double(free.count)
        }
        let gap = gap(b, e, Array(b.indices))
        return (gap.rise + gap.fall) / 2
    }

    private func objective(_ b: [Double], _ e: [Double], _ targets: [Double]) -> Double {
        // Kb = y - e, so 1/2 b'Kb - y'b = -1/2 b'(y + e).
        b.indices.reduce(0) { $0 - 0.5 * b[$1] * (targets[$1] + e[$1]) + epsilon * b[$1].magnitude }
    }
}
