/// The metrics of a classification (see `ClassScore`), with the names used in files.
public enum ClassMetric: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case accuracy
    case balancedAccuracy = "balanced_accuracy"
    case macroF1 = "macro_f1"
    case logLoss = "log_loss"

    /// Whether larger values are better.
    public var largerIsBetter: Bool { self != .logLoss }
}
