/// The losses that a network can be trained on, by name.
public enum RegressionLosses {
    /// Every loss, in the order in which pipelines list them.
    public static let all: [any RegressionLoss.Type] = [
        SquaredErrorLoss.self, HuberLoss.self, ConcordanceLoss.self, BlendedLoss.self,
    ]

    /// Hyperparameters of all losses; each uses its own.
    public struct Settings: Sendable, Hashable {
        /// For `huber`: the error from which the loss is linear, in units of the targets.
        public var huberDelta: Double

        /// The default is PyTorch's.
        public init(huberDelta: Double = 1) { self.huberDelta = huberDelta }
    }
}
