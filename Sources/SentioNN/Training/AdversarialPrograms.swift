/// The programs of a GAN's training step.
struct AdversarialPrograms {
    /// The generator: latent vectors to spectrograms.
    let generating: Program
    let generated: Tensor
    /// The critic as it is trained: spectrograms and ratings to scores, with the ratings it reads beside them where it
    /// regresses.
    let scoring: Program
    let scores: Tensor
    /// The critic as the generator's step needs it: with gradients of the spectrograms, not of its parameters.
    let guiding: Program
    let guidingScores: Tensor
    /// The gradient penalty, if the loss has one.
    let penalizing: Program?
    /// The penalty on real spectrograms, if there is one.
    let penalizingReal: Program?

    init(_ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings) {
        let g = generator.configuration, c = critic.configuration, batch = settings.batch
        precondition(
            g.mels == c.mels && g.frames == c.frames && g.condition == c.condition,
            "Generator and critic differ in mels, frames or condition.")
        let generating = Graph()
        generated = generator(generating.input("latent", [batch, g.noise + g.condition]))
        self.generating = Program(graph: generating, loss: generated, outputs: [], threads: settings.threads)
        func inputs(_ graph: Graph) -> (Tensor, Tensor) {
            (graph.input("x", [batch, 1, c.mels, c.frames]), graph.input("ratings", [batch, c.condition]))
        }
        let scoring = Graph(), guiding = Graph(), (x, ratings) = inputs(scoring),
            (shown, shownRatings) = inputs(guiding)
        scores = critic.scoresAndRatings(x, ratings)
        self.scoring = Program(graph: scoring, loss: scores, outputs: [], threads: settings.threads)
        guidingScores = critic.scoresAndRatings(shown, shownRatings)
        self.guiding = Program(
            graph: guiding, loss: guidingScores, outputs: [], threads: settings.threads, inputGradients: [shown],
            trainsParameters: false)
        func penalty(target: Float) -> Program {
            let graph = Graph(), (x, ratings) = inputs(graph)
            return Program(
                graph: graph, loss: critic.gradientPenalty(x, ratings, target: target), outputs: [],
                threads: settings.threads)
        }
        penalizing = settings.loss.gradientPenalty == nil ? nil : penalty(target: 1)
        penalizingReal = settings.realPenalty > 0 ? penalty(target: 0) : nil
    }

    /// Floating-point operations of one critic step and one generator step, counted as in `Program.operations`.
    var operations: Int {
        generating.operations + 2 * scoring.operations + guiding.operations + (penalizing?.operations ?? 0)
            + (penalizingReal?.operations ?? 0)
    }

    /// Bytes of the arena that the critic's programs share.
    var sharedBytes: Int {
        max(
            scoring.arenaBytes, guiding.arenaBytes, penalizing?.arenaBytes ?? 0, penalizingReal?.arenaBytes ?? 0)
    }
}
