import SentioNN

/// One training step of the published GAN, critic and generator. The counterpart is `peers/neural.py gan`.
enum GANTrainStepWorkload: Workload {
    static let name = "gan-train-step"
    static let usage =
        "[--batch N] [--mels M] [--frames F] [--dim D] [--loss bce|hinge|wgan-gp] [--threads T] [--steps N] "
        + "[--profile 2]"

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
        case .bce: settings.loss = CrossEntropyLoss()
        case .hinge: (settings.loss, c.norm) = (HingeLoss(), .spectral)
        case .wasserstein: (settings.loss, c.norm) = (WassersteinLoss(), .none)
        }
        if let problem = g.problem { throw OptionError(description: problem) }
        let steps = try options.integer("steps", default: 4),
            isProfiling = try options.integer("profile", default: 1) > 1
        let source = SyntheticSpectrograms(count: settings.batch * steps, [g.mels, g.frames])
        let trainer = AdversarialTrainer(Generator(g), Discriminator(c), settings: settings, source: source)
        trainer.isProfiling = isProfiling
        let clock = ContinuousClock()
        var best = Double.infinity, began = clock.now
        _ = try trainer.runEpoch { step, _, _ in
            if step > 1 || steps == 1 { best = min(best, (clock.now - began) / .seconds(1)) }
            began = clock.now
        }
        var result = NetworkMeasurement(
            shape: "\(g.mels)x\(g.frames)", precision: .float32, batch: settings.batch, threads: settings.threads,
            secondsPerSample: best / Double(settings.batch), operationsPerSample: trainer.operationsPerSample
        ).result()
        result.numbers["parameters"] = Double(
            trainer.generatorParameters.trainedCount + trainer.criticParameters.trainedCount)
        result.numbers["estimated_mb"] =
            Double(AdversarialTrainer.memory(trainer.generator, trainer.critic, settings: settings)) / 1e6
        if isProfiling {
            for (op, seconds) in trainer.profile {
                result.numbers["op " + op] = seconds / Double(steps * settings.batch)
            }
        }
        return result
    }
}
