import SentioNN

/// One training step of the published GAN, critic and generator: the peer is `peers/neural.py gan`.
enum GANTrainStepWorkload: Workload {
    static let name = "gan-train-step"
    static let usage = "[--batch N] [--mels M] [--frames F] [--dim D] [--loss bce|hinge|wgan-gp] [--threads T] [--steps N] [--profile 2]"

    private enum Loss: String, CaseIterable {
        case bce, hinge
        case wasserstein = "wgan-gp"
    }

    static func run(_ options: Options) throws -> WorkloadResult {
        var g = Generator.Configuration(), c = Discriminator.Configuration(), settings = AdversarialSettings()
        settings.batch = try options.integer("batch", default: 16)
        settings.threads = try options.integer("threads", default: 2)
        g.mels = try options.integer("mels", default: 128)
        g.frames = try options.integer("frames", default: 2584)
        g.dim = try options.integer("dim", default: 128)
        (c.mels, c.frames, c.dim) = (g.mels, g.frames, g.dim)
        switch try options.choice("loss", default: Loss.bce) {
        case .bce: settings.loss = .bce()
        case .hinge: (settings.loss, c.norm) = (.hinge, .spectral)
        case .wasserstein: (settings.loss, c.norm) = (.wasserstein(), .none)
        }
        if let problem = g.problem { throw OptionError(description: problem) }
        let steps = try options.integer("steps", default: 4), isProfiling = try options.integer("profile", default: 1) > 1
        let source = MadeSpectrograms(mels: g.mels, frames: g.frames, count: settings.batch * steps)
        let trainer = AdversarialTrainer(Generator(g), Discriminator(c), settings: settings, source: source)
        trainer.isProfiling = isProfiling
        let clock = ContinuousClock()
        var best = Double.infinity, began = clock.now
        _ = try trainer.runEpoch { step, _, _ in
            if step > 1 || steps == 1 { best = min(best, (clock.now - began) / .seconds(1)) }
            began = clock.now
        }
        var result = WorkloadResult()
        let memory = AdversarialTrainer.memory(trainer.generator, trainer.critic, settings: settings)
        result.numbers = [
            "seconds_per_sample": best / Double(settings.batch), "batch": Double(settings.batch), "frames": Double(g.frames),
            "mels": Double(g.mels), "dropout": 0,
            "parameters": Double(trainer.generatorParameters.trainedCount + trainer.criticParameters.trainedCount),
            "memory_mb": Double(memory) / 1e6, "threads": Double(settings.threads),
        ]
        if isProfiling { for (op, seconds) in trainer.profile { result.numbers["op " + op] = seconds / Double(steps * settings.batch) } }
        return result
    }
}

private struct MadeSpectrograms: TrainingSource {
    let mels: Int
    let frames: Int
    let count: Int
    var inputShape: Shape { [mels, frames] }
    var dimensions: Int { 2 }

    func load(epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>) {
        for index in input.indices { input[index] = Float((index &* 7919 &+ position) % 997) / 997 }
        target.update(repeating: 0.5)
    }
}
