/// The losses that a GAN can be trained on, by name.
public enum AdversarialLosses {
    /// Every loss, in the order in which pipelines list them.
    public static let all: [any AdversarialLoss.Type] = [
        CrossEntropyLoss.self, HingeLoss.self, WassersteinLoss.self,
    ]

    /// Hyperparameters of all losses; each uses its own.
    public struct Settings: Sendable, Hashable {
        /// For `bce`: how much is taken from the label of real spectrograms.
        public var smoothing: Double
        /// For `wgan-gp`: the weight of the gradient penalty.
        public var penalty: Double

        /// The default penalty is that of Gulrajani et al. 2017.
        public init(smoothing: Double = 0, penalty: Double = 10) {
            (self.smoothing, self.penalty) = (smoothing, penalty)
        }
    }
}
