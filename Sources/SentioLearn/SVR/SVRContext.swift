import Foundation
import SentioNumerics

/// What support vector machines know of the contexts of songs. Kernel values of songs of different contexts are weighed
/// by 1 / (1 + slope), those of the same context by 1. This is done by columns that are appended to the scaled
/// features, so the machines remain LIBSVM's.
///
/// - `rbf`: a column per context and one for songs of none or another, d where the song is of that context and
///   otherwise 0, with d² = ln(1 + slope) / (2 gamma). Two songs of different contexts are then farther apart by 2 d²,
///   which is the factor exp(-2 gamma d²) = 1 / (1 + slope).
/// - Other kernels depend on the inner product of u and v, which becomes u.v (1 + slope same) / (1 + slope): the
///   features times sqrt(1 / (1 + slope)), and for each context a copy of the features times sqrt(slope / (1 + slope))
///   that is 0 for songs of other contexts.
public struct SVRContext: Sendable, Equatable, Codable {
    /// The contexts.
    public let levels: [String]
    /// The slope of each target's machine.
    public let slopes: [Double]

    /// Contexts of machines that were fitted elsewhere.
    public init(levels: [String], slopes: [Double]) {
        self.levels = levels
        self.slopes = slopes
    }

    /// How many columns the machines see.
    static func columns(features: Int, levels: Int, kernel: SVMKernel) -> Int {
        kernel.function.isRadial ? features + levels + 1 : (levels + 1) * features
    }

    /// The columns that a machine sees.
    ///
    /// - Parameters:
    ///   - scaled: songs x features.
    ///   - codes: the level of each song.
    ///   - kernel: with a gamma that is known.
    static func append(
        to scaled: Matrix, codes: [Int?], levels: Int, slope: Double, kernel: SVMKernel
    ) -> Matrix {
        let features = scaled.columns
        let width = columns(features: features, levels: levels, kernel: kernel)
        var result = Matrix(rows: scaled.rows, columns: width)
        let gamma = kernel.gamma ?? 1, isRadial = kernel.function.isRadial
        let distance = (log1p(slope) / (2 * gamma)).squareRoot()
        let common = isRadial ? 1 : (1 / (1 + slope)).squareRoot(), own = (slope / (1 + slope)).squareRoot()
        result.withUnsafeMutableValues { values in
            for row in 0..<scaled.rows {
                let start = row * width
                for (feature, value) in scaled.row(row).enumerated() { values[start + feature] = common * value }
                if isRadial {
                    values[start + features + (codes[row] ?? levels)] = distance
                } else if let level = codes[row] {
                    let copy = start + (level + 1) * features
                    for (feature, value) in scaled.row(row).enumerated() { values[copy + feature] = own * value }
                }
            }
        }
        return result
    }

    func validate(machines: Int) throws(LearnError) {
        guard slopes.count == machines, slopes.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw .damagedModel(
                reason: "its contexts do not have a slope of 0 or more for each of \(machines) machines")
        }
    }
}
