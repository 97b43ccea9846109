@testable import SentioNN
import SentioNumerics
import Testing

/// Ten steps of a small GAN against PyTorch's, for each loss, and the trainer's guarantees.
@Suite struct AdversarialTrainerTests {
    @Test func crossEntropyWithBatchNorm() throws {
        try check("gan-bce", CrossEntropyLoss(smoothing: 0.1), .batch, .channels, mels: 16, frames: 40)
    }
    @Test func hingeWithSpectralNormAndProjection() throws {
        try check("gan-hinge", HingeLoss(), .spectral, .projection, mels: 24, frames: 32)
    }
    /// The gradient of a gradient, through every layer.
    @Test func wassersteinWithPenalty() throws {
        try check("gan-wasserstein", WassersteinLoss(), .none, .channels, mels: 24, frames: 40)
        try check(
            "gan-wasserstein-projection", WassersteinLoss(), .none, .projection, mels: 16, frames: 24, dim: 12,
            batch: 3)
    }

    /// R1 on real spectrograms, and the ratings that a second head reads off them.
    @Test func realPenaltyAndRegression() throws {
        try check(
            "gan-r1", CrossEntropyLoss(smoothing: 0.1), .none, .projection, mels: 16, frames: 16, dim: 12, batch: 3
        ) {
            ($0.realPenalty, $0.regression) = (200, 2)
        }
    }

    private func check(
        _ file: String, _ loss: any AdversarialLoss, _ norm: Discriminator.Norm,
        _ conditioning: Discriminator.Conditioning, mels: Int, frames: Int, dim: Int = 32, batch: Int = 4,
        _ change: (inout AdversarialSettings) -> Void = { _ in }
    ) throws {
        let tensors = try TorchFixture.load(file)
        let trainer = Self.trainer(
            loss, norm, conditioning, mels: mels, frames: frames, dim: dim, batch: batch, change)
        for (prefix, set) in [("g:", trainer.generatorParameters), ("d:", trainer.criticParameters)] {
            #expect(tensors.keys.count { $0.hasPrefix(prefix) } == set.entries.count)
            for entry in set.entries {
                _ = set[entry].update(from: try #require(tensors[prefix + entry.name], "\(entry.name)").values)
            }
        }
        let losses = try #require(tensors["losses"]).values
        // Where a gradient is 0 but for rounding (a bias before batch normalization, the offset of Wasserstein scores),
        // Adam turns rounding errors into full steps of 2e-4, so such numbers differ between programs.
        let drift = 10 * 2e-4 * 1.1
        let tolerance = loss.gradientPenalty == nil ? 1e-3 : drift
        for step in 0..<10 {
            let z = try #require(tensors["z\(step)"]).values, e = try #require(tensors["e\(step)"]).values
            trainer.setReal(try #require(tensors["x\(step)"]).values)
            trainer.shares = tensors["share\(step)"]?.values
            var random = Philox(key: 1)
            trainer.sums = AdversarialSums()
            try trainer.step(ratings: e, noise: z, &random)
            #expect(
                abs(trainer.sums.criticLoss - Double(losses[2 * step])) < 1e-3 * max(1, abs(Double(losses[2 * step]))),
                "critic, step \(step)")
            #expect(
                abs(trainer.sums.generatorLoss - Double(losses[2 * step + 1])) < tolerance, "generator, step \(step)")
            guard step == 0 else { continue }
            for (prefix, set, gradients) in [
                ("d", trainer.criticParameters, trainer.criticGradients),
                ("g", trainer.generatorParameters, trainer.generatorGradients),
            ] {
                for entry in set.entries where entry.parameter.isTrained {
                    let expected = try #require(tensors["gradient:\(prefix):\(entry.name)"], "\(entry.name)")
                    let gradient = UnsafeBufferPointer(start: gradients.pointer + entry.offset, count: entry.count)
                    let found = TorchFixture.difference(gradient, expected.values)
                    #expect(found < 2e-5, "gradient of \(prefix):\(entry.name) off by \(found)")
                }
            }
        }
        for (prefix, set) in [("trained:g:", trainer.generatorParameters), ("trained:d:", trainer.criticParameters)] {
            for entry in set.entries {
                let found = TorchFixture.difference(set[entry], try #require(tensors[prefix + entry.name]).values)
                let gradient = tensors["gradient:\(prefix.dropFirst("trained:".count))\(entry.name)"]?.values ?? [1]
                let isRounding = gradient.allSatisfy { abs($0) < 1e-6 } || entry.name.hasSuffix("running_mean")
                #expect(found < (isRounding ? Float(2 * drift) : 1e-3), "\(prefix)\(entry.name) off by \(found)")
            }
        }
        let sampler = try GeneratorSampler(trainer.generator, weights: trainer.generatorWeights, threads: 2)
        let z = try #require(tensors["z0"]).values, e = try #require(tensors["e0"]).values,
            made = try #require(tensors["made"]).values
        let latent: [Float] = (0..<batch).flatMap { (sample: Int) -> [Float] in
            [Float](z[5 * sample..<5 * sample + 5]) + [Float](e[2 * sample..<2 * sample + 2])
        }
        let size = mels * frames
        try sampler.make(batch, latent: latent) { index, values in
            let found = TorchFixture.difference(values, Array(made[index * size..<(index + 1) * size]))
            #expect(found < 2e-3, "sample \(index) off by \(found)")
        }
        let scorer = try CriticScorer(trainer.critic, weights: trainer.criticWeights),
            x = try #require(tensors["x0"]).values
        for (index, score) in try #require(tensors["scores"]).values.enumerated() {
            let found = scorer.score(x[index * size..<(index + 1) * size], ratings: Array(e[2 * index..<2 * index + 2]))
            #expect(abs(found - Double(score)) < max(2e-3, tolerance), "score \(index)")
        }
    }

    // MARK: A training

    @Test(
        arguments: [(CrossEntropyLoss(), .batch), (HingeLoss(), .spectral), (WassersteinLoss(), .none)]
            as [(any AdversarialLoss, Discriminator.Norm)])
    func aTrainingThatWasCutOffEndsWithTheSameBits(_ loss: any AdversarialLoss, _ norm: Discriminator.Norm) throws {
        func trainer() -> AdversarialTrainer {
            Self.trainer(loss, norm, .projection, mels: 16, frames: 16, dim: 8, batch: 4) {
                ($0.average, $0.instanceNoise, $0.criticSteps) = (0.9, 0.1, 2)
            }
        }
        let whole = trainer()
        for _ in 0..<3 { _ = try whole.runEpoch() }
        struct Stop: Error {}
        let first = trainer()
        _ = try first.runEpoch()
        #expect(throws: Stop.self) { try first.runEpoch { step, _, _ in if step == 2 { throw Stop() } } }
        let second = trainer()
        try second.restore(try SafetensorsFile(bytes: try first.state.bytes()))
        #expect(second.epoch == 1 && second.stepsOfEpoch == 2)
        while second.epoch < 3 { _ = try second.runEpoch() }
        #expect(second.state == whole.state && second.generatorWeights == whole.generatorWeights)
    }

    /// All that can be added at once: with what a step draws, an interruption must change nothing.
    @Test func aTrainingWithPenaltiesAndAugmentationIsResumedToo() throws {
        func trainer() -> AdversarialTrainer {
            Self.trainer(HingeLoss(), .none, .projection, mels: 16, frames: 16, dim: 8, batch: 4) {
                ($0.realPenalty, $0.regression, $0.criticSteps, $0.generatorSteps) = (2, 0.5, 2, 4)
                ($0.augmentation.roll, $0.augmentation.masks) = (5, 1)
                $0.augmentation.gain = [Float](repeating: 0.1, count: 16)
            }
        }
        let whole = trainer()
        // Three steps an epoch, eight critic steps in all: the last epoch has two.
        #expect((0..<4).map { whole.steps(inEpoch: $0) } == [3, 3, 2, 0])
        var last: AdversarialTrainer.Epoch?
        for _ in 0..<3 { last = try whole.runEpoch() }
        #expect(whole.state.metadata["generator_steps"] == "4" && whole.state.metadata["steps"] == "8")
        let epoch = try #require(last)
        #expect(epoch.realPenalty ?? 0 > 0 && epoch.penalty == nil)
        #expect(epoch.ratingErrorOnReal ?? 0 > 0 && epoch.ratingErrorOnFake ?? 0 > 0)
        struct Stop: Error {}
        let first = trainer()
        for _ in 0..<2 { _ = try first.runEpoch() }
        #expect(throws: Stop.self) { try first.runEpoch { step, _, _ in if step == 1 { throw Stop() } } }
        let second = trainer()
        try second.restore(try SafetensorsFile(bytes: try first.state.bytes()))
        _ = try second.runEpoch()
        #expect(second.state == whole.state)
    }

    /// Earlier versions kept nine sums of an epoch: such a checkpoint is refused, not read as another one.
    @Test func aStateWithFewerSumsIsRefused() throws {
        let trainer = Self.trainer(HingeLoss(), .none, .channels, mels: 16, frames: 16, dim: 4, batch: 4)
        var state = trainer.state
        #expect(throws: Never.self) { try trainer.restore(state) }
        state.metadata["sums"] = "2 1 0.5 0.5 1.0 1.0 0.1 0.1 0.0"
        #expect(throws: TrainingError.self) { try trainer.restore(state) }
    }

    @Test func aStateOfAnotherModelIsRefused() throws {
        let small = Self.trainer(HingeLoss(), .none, .channels, mels: 16, frames: 16, dim: 4, batch: 4)
        let large = Self.trainer(HingeLoss(), .none, .channels, mels: 16, frames: 16, dim: 8, batch: 4)
        #expect(throws: TrainingError.self) { try large.restore(small.state) }
        #expect(throws: TrainingError.self) { try large.restore(SafetensorsFile()) }
        #expect(throws: TrainingError.self) {
            try GeneratorSampler(large.generator, weights: small.generatorWeights, threads: 1)
        }
    }

    @Test func aLossThatIsNoNumberEndsTheTraining() {
        let trainer = Self.trainer(HingeLoss(), .none, .channels, mels: 16, frames: 16, dim: 4, batch: 4) {
            $0.criticRate = 1e30
        }
        #expect(throws: TrainingError.self) { for _ in 0..<20 { _ = try trainer.runEpoch() } }
    }

    @Test(arguments: [(15, "16 works"), (20, "16 and 24 work"), (2580, "2576 and 2584 work")])
    func lengthsThatCannotBeMadeAreNamed(_ frames: Int, _ words: String) {
        var configuration = Generator.Configuration()
        #expect(configuration.problem == nil)
        configuration.frames = frames
        #expect(configuration.problem?.hasSuffix("\(words).") == true, "\(configuration.problem ?? "")")
    }

    static func trainer(
        _ loss: any AdversarialLoss, _ norm: Discriminator.Norm, _ conditioning: Discriminator.Conditioning, mels: Int,
        frames: Int, dim: Int, batch: Int, _ change: (inout AdversarialSettings) -> Void = { _ in }
    ) -> AdversarialTrainer {
        var g = Generator.Configuration(), c = Discriminator.Configuration(), settings = AdversarialSettings()
        (g.noise, g.mels, g.frames, g.dim) = (5, mels, frames, dim)
        (c.mels, c.frames, c.dim, c.norm, c.conditioning) = (mels, frames, dim, norm, conditioning)
        (settings.batch, settings.loss, settings.threads) = (batch, loss, 2)
        change(&settings)
        c.regresses = settings.regression > 0
        return AdversarialTrainer(
            Generator(g), Discriminator(c), settings: settings, source: Waves(mels: mels, frames: frames))
    }
}

/// Generated spectrograms: slanted waves whose slope and height are the ratings.
private struct Waves: TrainingSource {
    let mels: Int
    let frames: Int
    var count: Int { 13 }
    var inputShape: Shape { [mels, frames] }
    var dimensions: Int { 2 }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        target[0] = Float(position) / 6 - 1
        target[1] = Float(position % 4) / 2 - 0.75
        for index in input.indices {
            let phase = Float((index / frames + index % frames * (position % 3) + epoch) % 8) / 4 - 1
            input[index] = 0.5 * phase + 0.4 * target[1]
        }
    }
}
