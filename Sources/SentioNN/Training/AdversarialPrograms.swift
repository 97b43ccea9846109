/// The four programs of a GAN's training step.
struct AdversarialPrograms {
    /// Latent to spectrograms.
    let making: Program
    let made: Tensor
    /// Spectrograms and ratings to scores, trained.
    let judging: Program
    let judgement: Tensor
    /// The same for the gradient of the spectrograms alone.
    let guiding: Program
    let guidance: Tensor
    let penalising: Program?

    init(_ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings) {
        let g = generator.configuration, c = critic.configuration, batch = settings.batch
        precondition(
            g.mels == c.mels && g.frames == c.frames && g.condition == c.condition,
            "Generator and critic are made for different shapes.")
        let making = Graph()
        made = generator(making.input("latent", [batch, g.noise + g.condition]))
        self.making = Program(graph: making, loss: made, outputs: [], threads: settings.threads)
        func inputs(_ graph: Graph) -> (Tensor, Tensor) {
            (graph.input("x", [batch, 1, c.mels, c.frames]), graph.input("ratings", [batch, c.condition]))
        }
        let judging = Graph(), guiding = Graph(), (x, ratings) = inputs(judging),
            (shown, shownRatings) = inputs(guiding)
        judgement = critic(x, ratings)
        self.judging = Program(graph: judging, loss: judgement, outputs: [], threads: settings.threads)
        guidance = critic(shown, shownRatings)
        self.guiding = Program(
            graph: guiding, loss: guidance, outputs: [], threads: settings.threads, inputGradients: [shown],
            trainsParameters: false)
        guard settings.loss.gradientPenalty != nil else {
            penalising = nil
            return
        }
        let graph = Graph(), (mixed, mixedRatings) = inputs(graph)
        penalising = Program(
            graph: graph, loss: critic.gradientPenalty(mixed, mixedRatings), outputs: [], threads: settings.threads)
    }

    /// Floating-point operations of one step of the critic and one of the generator, as `Program.operations` counts
    /// them.
    var operations: Int {
        making.operations + 2 * judging.operations + guiding.operations + (penalising?.operations ?? 0)
    }

    /// Bytes of the arena that the critic's programs share.
    var sharedBytes: Int { max(judging.arenaBytes, guiding.arenaBytes, penalising?.arenaBytes ?? 0) }
}
