public import SentioNumerics

/// Scores spectrograms one by one with a trained critic, in inference.
public final class CriticScorer {
    /// The critic.
    public let critic: Discriminator
    private let executor: Executor
    private let score: Tensor

    /// - Throws: `TrainingError.foreignState` if the file does not hold the critic's weights.
    public init(_ critic: Discriminator, weights: SafetensorsFile) throws {
        self.critic = critic
        let parameters = ParameterSet(critic, seed: nil), graph = Graph(), c = critic.configuration
        try parameters.load(weights)
        score = critic(graph.input("x", [1, 1, c.mels, c.frames]), graph.input("ratings", [1, c.condition]))
        executor = Executor(Program(graph: graph, outputs: [score]), parameters: parameters)
    }

    /// The critic's score: the higher, the more real; except with the Wasserstein loss, real means above 0. Not
    /// thread-safe.
    public func score(_ spectrogram: some Collection<Float>, ratings: [Float]) -> Double {
        _ = executor.input("x").update(fromContentsOf: spectrogram)
        _ = executor.input("ratings").update(fromContentsOf: ratings)
        executor.forward()
        return Double(executor.value(score)[0])
    }
}
