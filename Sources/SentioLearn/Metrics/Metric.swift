/// The metrics of a regression (see `RegressionScore`), with the names used in files.
public enum Metric: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case mse, rmse, mae, r2, pearson, ccc

    /// Whether larger values are better.
    public var largerIsBetter: Bool {
        switch self {
        case .mse, .rmse, .mae: false
        case .r2, .pearson, .ccc: true
        }
    }
}
