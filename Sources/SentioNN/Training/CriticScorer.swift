public import SentioNumerics

/// Scores spectrograms with a trained critic, in inference, each by itself.
public final class CriticScorer {
    public let critic: Discriminator
    private let executor: Executor
    private let score: Tensor

    /// - Throws: `TrainingError.foreignState` where the file does not hold the critic's weights.
    public init(_ critic: Discriminator, weights: SafetensorsFile) throws {
        self.critic = critic
        let parameters = ParameterSet(critic, seed: nil), graph = Graph(), c = critic.configuration
        try parameters.load(weights)
        score = critic(graph.input("x", [1, 1, c.mels, c.frames]), graph.input("ratings", [1, c.condition]))
        executor = Executor(Program(graph: graph, outputs: [score]), parameters: parameters)
    }

    /// Above 0 (for the Wasserstein loss: the higher) the more real. Not for two threads at a time.
    public func score(_ spectrogram: some Collection<Float>, ratings: [Float]) -> Double {
        _ = executor.input("x").update(fromContentsOf: spectrogram)
        _ = executor.input("ratings").update(fromContentsOf: ratings)
        executor.forward()
        return Double(executor.value(score)[0])
    }
}
