public import SentioNumerics

/// How samples cover a reference set: density and coverage of Naeem et al. 2020, by the distance from each reference
/// row to its k-th nearest neighbor in the reference set.
///
/// Unlike a mean distance between samples, which noise makes large, coverage needs samples among the references.
public struct NeighborCoverage: Sendable, Equatable {
    /// Mean number of references whose neighborhood contains a sample, divided by k: about 1 for samples of the same
    /// distribution, 0 for samples far from all references. May exceed 1 where samples crowd among references.
    public let density: Double
    /// Fraction of references whose neighborhood contains a sample.
    public let coverage: Double

    /// Compares samples with references, rows of the same columns. Deterministic.
    ///
    /// - Parameter neighbors: k; the reference row itself does not count. Default 5 (the authors').
    /// - Precondition: the columns agree, there is a sample, and there are more than `neighbors` references.
    public init(of samples: Matrix, among references: Matrix, neighbors: Int = 5) {
        precondition(samples.columns == references.columns && samples.rows > 0 && references.rows > neighbors)
        var inside = 0, covered = 0
        let own = Self.squaredDistances(references, references), others = Self.squaredDistances(references, samples)
        for reference in 0..<references.rows {
            // Place 0 is the row itself.
            let radius = own.row(reference).sorted()[neighbors], found = others.row(reference).count { $0 <= radius }
            inside += found
            covered += found > 0 ? 1 : 0
        }
        density = Double(inside) / Double(neighbors * samples.rows)
        coverage = Double(covered) / Double(references.rows)
    }

    /// The mean distance over all pairs of rows.
    /// - Precondition: at least two rows.
    public static func meanDistance(_ rows: Matrix) -> Double {
        precondition(rows.rows > 1, "A mean distance needs at least two rows.")
        let squares = squaredDistances(rows, rows)
        var sum = 0.0
        for row in 0..<rows.rows { for other in row + 1..<rows.rows { sum += squares[row, other].squareRoot() } }
        return sum / Double(rows.rows * (rows.rows - 1) / 2)
    }

    /// First rows x second rows. By differences: the shortcut through products loses the digits of near rows.
    private static func squaredDistances(_ first: Matrix, _ second: Matrix) -> Matrix {
        var result = Matrix(rows: first.rows, columns: second.rows)
        let width = first.columns, columns = second.rows
        first.withUnsafeValues { a in
            second.withUnsafeValues { b in
                result.withUnsafeMutableValues { target in
                    for row in 0..<first.rows {
                        for other in 0..<columns {
                            var sum = 0.0
                            for column in 0..<width {
                                let difference = a[row * width + column] - b[other * width + column]
                                sum += difference * difference
                            }
                            target[row * columns + other] = sum
                        }
                    }
                }
            }
        }
        return result
    }
}
