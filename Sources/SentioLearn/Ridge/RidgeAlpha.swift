/// The strength of the ridge penalty alpha |w|² relative to the sum of squared errors, as in scikit-learn's `Ridge`.
public enum RidgeAlpha: Sendable, Hashable {
    /// One value for all targets.
    case fixed(Double)
    /// For each target the value of the grid with the smallest cross-validated mean squared error; the larger of equal
    /// ones.
    case chosen(grid: [Double] = RidgeAlpha.defaultGrid, folds: CVFolds = .seeded(count: 5, seed: 0))

    /// For each target the value of the grid with the smallest leave-one-out error, in closed form (generalized
    /// cross-validation); the larger of equal ones. The scaler is fitted once, and groups of songs are not kept
    /// together.
    case leaveOneOut(grid: [Double] = RidgeAlpha.defaultGrid)

    /// 13 values from 0.01 to 10,000: two per decade, evenly spaced on a logarithmic scale.
    public static let defaultGrid = [
        0.01, 0.01 * 10.0.squareRoot(), 0.1, 0.1 * 10.0.squareRoot(), 1, 10.0.squareRoot(), 10,
        10 * 10.0.squareRoot(), 100, 100 * 10.0.squareRoot(), 1000, 1000 * 10.0.squareRoot(), 10_000,
    ]

    func validate() throws(LearnError) {
        let values: [Double]
        switch self {
        case .fixed(let alpha): values = [alpha]
        case .chosen(let grid, _), .leaveOneOut(let grid): values = grid
        }
        if values.isEmpty { throw .badParameter(name: "alpha grid", value: "empty", allowed: "a list of numbers") }
        for alpha in values where !(alpha >= 0 && alpha.isFinite) {
            throw .badParameter(name: "alpha", value: "\(alpha)", allowed: "0 or a positive number")
        }
    }
}
