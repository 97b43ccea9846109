import CLearnKernels
import SentioNumerics

/// Sequential minimal optimization of the dual of epsilon-SVR with second-order working set selection (Fan, Chen & Lin
/// 2005), the algorithm of LIBSVM.
///
/// Of the two dual variables a and a* of a song, at most one is positive at any step, so a single b = a - a* in -C...C
/// represents both: minimize 1/2 b'Kb - y'b + epsilon |b|_1 subject to sum b = 0. With the errors e = y - Kb, raising
/// b_i gains `rise(i)` per unit (e - epsilon, or e + epsilon while b_i < 0), and lowering b_j costs `fall(j)` per unit.
/// The solution is reached when no rise exceeds any fall by the tolerance.
///
/// There is no shrinking: a step costs only a few vector instructions per song, and the errors of all songs stay up to
/// date, so gradients are never reconstructed.
struct SMOSolver {
    let c: Double
    let epsilon: Double
    let tolerance: Double
    /// Maximum number of steps; nil for LIBSVM's limit, max(10 million, 100 × songs).
    var stepLimit: Int?

    struct Solution {
        /// b of each song.
        let coefficients: [Double]
        let intercept: Double
        let iterations: Int
        let converged: Bool
        /// The dual objective at the solution.
        let objective: Double
    }

    /// LIBSVM's replacement for a second derivative that is not positive.
    private static let tau = 1e-12

    func solve(rows: KernelRows, targets: [Double]) -> Solution {
        let count = rows.count
        let limit = stepLimit ?? max(10_000_000, count > Int.max / 100 ? Int.max : 100 * count)
        var coefficients = [Double](repeating: 0, count: count), errors = targets
        var iterations = 0, converged = false
        coefficients.withUnsafeMutableBufferPointer { b in
            errors.withUnsafeMutableBufferPointer { e in
                guard let b = b.baseAddress, let e = e.baseAddress else { return converged = true }
                var (best, rise) = (0, -Double.infinity)
                let prefetch = { candidates(b, e, count, $0) }
                // A move of 0 along any row only selects the first song.
                let any = rows.row(0, prefetch: prefetch)
                best = Int(svm_move_and_raise(e, b, any, any, 0, c, epsilon, Int64(count), &rise))
                while iterations < limit {
                    guard best >= 0 else { return converged = true }
                    let own = rows.row(best, prefetch: prefetch)
                    var lowest = 0.0
                    let partner = rows.diagonal.withUnsafeBufferPointer { diagonal in
                        Int(
                            svm_choose_fall(
                                e, b, own, diagonal.baseAddress, diagonal[best], rise, c, epsilon, Int64(count), &lowest
                            ))
                    }
                    guard partner >= 0, rise - lowest >= tolerance else { return converged = true }
                    let curvature = rows.diagonal[best] + rows.diagonal[partner] - 2 * Double(own[partner])
                    let other = rows.row(partner, keeping: best, prefetch: prefetch)
                    let move = move(best, partner, rise, curvature, b, e)
                    best = Int(svm_move_and_raise(e, b, own, other, move, c, epsilon, Int64(count), &rise))
                    iterations += 1
                }
            }
        }
        return Solution(
            coefficients: coefficients, intercept: intercept(coefficients, errors), iterations: iterations,
            converged: converged, objective: objective(coefficients, errors, targets))
    }

    /// Moves a pair of coefficients in opposite directions; returns by how much.
    private func move(
        _ best: Int, _ partner: Int, _ rise: Double, _ curvature: Double, _ b: UnsafeMutablePointer<Double>,
        _ e: UnsafePointer<Double>
    ) -> Double {
        var move = (rise - fall(b[partner], e[partner])) / (curvature > 0 ? curvature : Self.tau)
        let roomUp = b[best] < 0 ? -b[best] : c - b[best]
        let roomDown = b[partner] > 0 ? b[partner] : c + b[partner]
        // At a bound, or at the kink at 0, the coefficient is set exactly.
        if move >= roomUp || move >= roomDown {
            move = min(roomUp, roomDown)
            let up = b[best] < 0 ? 0 : c
            let down = b[partner] > 0 ? 0 : -c
            b[best] = roomUp <= roomDown ? up : b[best] + move
            b[partner] = roomDown <= roomUp ? down : b[partner] - move
        } else {
            b[best] += move
            b[partner] -= move
        }
        return move
    }

    /// Songs that are likely to be moved soon: those with the largest rises and those with the smallest falls.
    private func candidates(_ b: UnsafePointer<Double>, _ e: UnsafePointer<Double>, _ count: Int, _ wanted: Int)
        -> [Int]
    {
        var rises = TopSongs(capacity: (wanted + 1) / 2), falls = TopSongs(capacity: wanted / 2)
        for index in 0..<count {
            rises.offer(index, rise(b[index], e[index]))
            falls.offer(index, -fall(b[index], e[index]))
        }
        return rises.songs + falls.songs
    }

    /// The gain per unit of raising b; -infinity at C.
    private func rise(_ b: Double, _ e: Double) -> Double {
        b < 0 ? e + epsilon : b < c ? e - epsilon : -.infinity
    }

    /// The cost per unit of lowering b; infinity at -C.
    private func fall(_ b: Double, _ e: Double) -> Double {
        b > 0 ? e - epsilon : b > -c ? e + epsilon : .infinity
    }

    /// The mean over free coefficients of the intercept that puts the error on the edge of the tube; without any, the
    /// middle of the feasible interval.
    private func intercept(_ b: [Double], _ e: [Double]) -> Double {
        let free = b.indices.filter { b[$0] != 0 && b[$0].magnitude < c }
        if !free.isEmpty {
            return free.reduce(0) { $0 + e[$1] - (b[$1] > 0 ? epsilon : -epsilon) } / Double(free.count)
        }
        let highest = b.indices.reduce(-Double.infinity) { max($0, rise(b[$1], e[$1])) }
        let lowest = b.indices.reduce(Double.infinity) { min($0, fall(b[$1], e[$1])) }
        return (highest + lowest) / 2
    }

    private func objective(_ b: [Double], _ e: [Double], _ targets: [Double]) -> Double {
        // Kb = y - e, so 1/2 b'Kb - y'b = -1/2 b'(y + e).
        b.indices.reduce(0) { $0 - 0.5 * b[$1] * (targets[$1] + e[$1]) + epsilon * b[$1].magnitude }
    }
}

/// The songs with the largest scores, in a short sorted list.
private struct TopSongs {
    private let capacity: Int
    private var best: [(song: Int, score: Double)] = []

    init(capacity: Int) { self.capacity = capacity }

    var songs: [Int] { best.sorted { $0.score != $1.score ? $0.score > $1.score : $0.song < $1.song }.map(\.song) }

    mutating func offer(_ song: Int, _ score: Double) {
        guard score > -.infinity else { return }
        if best.count < capacity {
            best.append((song, score))
            if best.count == capacity { best.sort { $0.score > $1.score } }
        } else if let last = best.last, score > last.score {
            var place = best.count - 1
            while place > 0, best[place - 1].score < score {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = (song, score)
        }
    }
}
