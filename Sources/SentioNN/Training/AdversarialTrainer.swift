import SentioNumerics

/// Trains a generator against a critic, epoch by epoch: critic steps on real spectrograms and on those that the
/// generator makes of noise and the same songs' ratings, and a generator step after every `criticSteps` of them.
///
/// Results are bit-identical for the same settings, source and number of threads; a trainer restored from `state`
/// continues exactly like the one that was saved. Not thread-safe. Samples that do not fill a batch at the end of an
/// epoch are left out.
public final class AdversarialTrainer {
    /// What one epoch was like: means over its steps.
    public struct Epoch: Sendable {
        /// From 0.
        public let number: Int
        /// The critic's loss, penalties and the error of its ratings included.
        public let criticLoss: Double
        /// The generator's loss, the error of the critic's ratings included.
        public let generatorLoss: Double
        /// The share of real spectrograms that the critic recognized.
        public let accuracyOnReal: Double
        /// The share of generated spectrograms that the critic recognized.
        public let accuracyOnFake: Double
        /// The mean score of real spectrograms less that of generated ones.
        public let margin: Double
        /// The norm of the critic's gradient.
        public let criticGradient: Double
        /// The norm of the generator's gradient.
        public let generatorGradient: Double
        /// The gradient penalty before it is weighted; nil if the loss has none.
        public let penalty: Double?
        /// The penalty on real spectrograms before it is weighted; nil without one.
        public let realPenalty: Double?
        /// The mean squared error of the ratings that the critic reads off real spectrograms; nil if it reads none.
        public let ratingErrorOnReal: Double?
        /// The same of generated spectrograms, in the generator's steps.
        public let ratingErrorOnFake: Double?
    }

    /// How it trains.
    public let settings: AdversarialSettings
    /// The network that makes spectrograms.
    public let generator: Generator
    /// The network that scores them.
    public let critic: Discriminator
    /// The generator's current values, not their average.
    public let generatorParameters: ParameterSet
    /// The critic's current values.
    public let criticParameters: ParameterSet
    /// Epochs done.
    public internal(set) var epoch = 0
    /// Critic steps done in all.
    var steps = 0
    var sums = AdversarialSums()
    let generatorState: AdamW.State
    let criticState: AdamW.State
    let average: MovingAverage?
    private let source: any TrainingSource
    private let programs: AdversarialPrograms
    private let generating: Executor
    private let scoring: Executor
    private let guiding: Executor
    private let penalizing: Executor?
    private let penalizingReal: Executor?
    let generatorGradients: AlignedFloats
    let criticGradients: AlignedFloats
    private var real: [Float]
    private var recent: [Double] = []
    /// The share of the real spectrogram in each of the penalty's interpolations, for tests; nil: drawn at random.
    var shares: [Float]?

    /// - Precondition: generator, critic and source agree in mels, frames and condition; the source has enough samples
    ///   for a batch.
    public init(
        _ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings, source: any TrainingSource
    ) {
        precondition(
            source.count >= settings.batch,
            "A batch of \(settings.batch) needs at least as many songs, not \(source.count).")
        self.settings = settings
        self.generator = generator
        self.critic = critic
        self.source = source
        generatorParameters = ParameterSet(generator, seed: settings.seed)
        criticParameters = ParameterSet(critic, seed: settings.seed ^ 0xC817_1C00)
        generatorState = AdamW.State(generatorParameters)
        criticState = AdamW.State(criticParameters)
        generatorGradients = AlignedFloats(count: generatorParameters.count)
        criticGradients = AlignedFloats(count: criticParameters.count)
        average = settings.average > 0 ? MovingAverage(generatorParameters, decay: settings.average) : nil
        programs = AdversarialPrograms(generator, critic, settings: settings)
        generating = Executor(programs.generating, parameters: generatorParameters, gradients: generatorGradients)
        // The critic's programs never run between each other's passes, so that they can share memory.
        let arena = AlignedFloats(count: programs.sharedBytes / MemoryLayout<Float>.stride)
        scoring = Executor(programs.scoring, parameters: criticParameters, gradients: criticGradients, arena: arena)
        guiding = Executor(programs.guiding, parameters: criticParameters, arena: arena)
        let parameters = criticParameters, gradients = criticGradients
        penalizing = programs.penalizing.map {
            Executor($0, parameters: parameters, gradients: gradients, arena: arena)
        }
        penalizingReal = programs.penalizingReal.map {
            Executor($0, parameters: parameters, gradients: gradients, arena: arena)
        }
        real = [Float](repeating: 0, count: settings.batch * critic.configuration.mels * critic.configuration.frames)
    }

    /// Bytes that a training takes, computed without allocating them.
    public static func memory(_ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings) -> Int {
        let programs = AdversarialPrograms(generator, critic, settings: settings), stride = MemoryLayout<Float>.stride
        let blocks =
            (settings.average > 0 ? 5 : 4) * ParameterSet.length(of: generator) + 4 * ParameterSet.length(of: critic)
        return programs.generating.arenaBytes + programs.sharedBytes + blocks * stride
    }

    /// Floating-point operations per sample of one step of both networks: products and convolutions, with their
    /// gradients.
    public var operationsPerSample: Double { Double(programs.operations) / Double(settings.batch) }

    /// Critic steps of one epoch.
    public var stepsPerEpoch: Int { source.count / settings.batch }
    /// Critic steps of an epoch, counted from 0: fewer in the last one of a training with a budget, none after it.
    public func steps(inEpoch number: Int) -> Int {
        guard let budget = settings.criticStepBudget else { return stepsPerEpoch }
        return max(0, min(stepsPerEpoch, budget - number * stepsPerEpoch))
    }
    /// Steps done of the current epoch.
    public var stepsOfEpoch: Int { sums.steps }

    /// Trains one epoch, or the rest of one that was restored.
    ///
    /// - Parameter onStep: called after each step with its number in the epoch and the mean losses so far; `state` is
    ///   then the state after the step. It may throw to stop the training.
    /// - Throws: `TrainingError.diverged`, and whatever the source or `onStep` throws.
    public func runEpoch(
        onStep: (_ step: Int, _ criticLoss: Double, _ generatorLoss: Double) throws -> Void = { _, _, _ in }
    ) throws -> Epoch {
        var random = Philox(key: settings.seed, stream: UInt64(epoch) &+ 0x6A4_0001)
        let order = random.permutation(source.count)
        for number in sums.steps..<max(sums.steps, steps(inEpoch: epoch)) {
            try step(Array(order[number * settings.batch..<(number + 1) * settings.batch]))
            try onStep(sums.steps, sums.mean(\.criticLoss), sums.meanOfGenerator(\.generatorLoss))
        }
        defer { (epoch, sums) = (epoch + 1, AdversarialSums()) }
        return Epoch(
            number: epoch, criticLoss: sums.mean(\.criticLoss), generatorLoss: sums.meanOfGenerator(\.generatorLoss),
            accuracyOnReal: sums.mean(\.right.real), accuracyOnFake: sums.mean(\.right.fake),
            margin: sums.mean(\.margin),
            criticGradient: sums.mean(\.criticGradient),
            generatorGradient: sums.meanOfGenerator(\.generatorGradient),
            penalty: penalizing == nil ? nil : sums.mean(\.penalty),
            realPenalty: penalizingReal == nil ? nil : sums.mean(\.realPenalty),
            ratingErrorOnReal: critic.configuration.regresses ? sums.mean(\.ratingError) : nil,
            ratingErrorOnFake: critic.configuration.regresses ? sums.meanOfGenerator(\.ratingErrorOnFake) : nil)
    }

    /// Seconds by op, summed over all programs; filled while `isProfiling`.
    public var profile: [String: Double] {
        executors.reduce(into: [:]) { $0.merge($1.profile) { $0 + $1 } }
    }
    /// Whether each op is timed. The default is false.
    public var isProfiling = false { didSet { for executor in executors { executor.isProfiling = isProfiling } } }
    private var executors: [Executor] {
        [generating, scoring, guiding] + [penalizing, penalizingReal].compactMap(\.self)
    }

    // MARK: One step

    /// Trains on the samples at the given positions of the source.
    func step(_ positions: [Int]) throws {
        var ratings = [Float](repeating: 0, count: positions.count * critic.configuration.condition)
        try load(positions, &ratings)
        var random = Philox(key: settings.seed ^ 0x9A5E_0000, stream: UInt64(steps))
        let noise = (0..<positions.count * generator.configuration.noise).map { _ in Float(random.nextNormal()) }
        try step(ratings: ratings, noise: noise, &random)
    }

    /// One critic step on the spectrograms in `real`, and a generator step if it is due.
    func step(ratings: [Float], noise: [Float], _ random: inout Philox) throws {
        let noiseDeviation = settings.noise(epoch: epoch)
        fillLatent(noise, ratings)
        generating.forward()
        let fake = generating.value(programs.generated)
        criticGradients.pointer.update(repeating: 0, count: criticGradients.count)
        // Numbers of their own, so that a training without augmentation draws the same as ever.
        var augmenting = Philox(key: settings.seed ^ 0xA06E_0000, stream: UInt64(steps))
        let realBatch = augmented(&augmenting), fakeBatch = augmented(&augmenting)
        let onReal = real.withUnsafeBufferPointer {
            score($0, realBatch, ratings, noiseDeviation, regression: settings.regression, &random) {
                settings.loss.ofReal($0)
            }
        }
        let onFake = score(fake, fakeBatch, ratings, noiseDeviation, regression: 0, &random) {
            settings.loss.ofFake($0)
        }
        var loss = onReal.loss + onFake.loss
        if let penalizing, let weight = settings.loss.gradientPenalty, let tensor = programs.penalizing?.loss {
            mix(fake, realBatch, fakeBatch, into: penalizing.input("x"), &random)
            _ = penalizing.input("ratings").update(from: ratings)
            penalizing.run(scale: Float(weight))
            let penalty = Double(penalizing.value(tensor)[0])
            sums.penalty += penalty
            loss += weight * penalty
        }
        if let penalizingReal, let tensor = programs.penalizingReal?.loss {
            real.withUnsafeBufferPointer { feed(penalizingReal, $0, realBatch, ratings, 0, &random) }
            penalizingReal.run(scale: Float(settings.realPenalty))
            let penalty = Double(penalizingReal.value(tensor)[0])
            sums.realPenalty += penalty
            loss += settings.realPenalty * penalty
        }
        sums.ratingError += onReal.ratingError
        let norm = GradientNorm.measure(criticGradients)
        try requireFinite(loss, norm)
        recent = recent.suffix(4) + [loss]
        settings.optimizer.update(
            criticParameters, gradients: criticGradients, state: criticState, rate: Float(settings.criticRate))
        sums.add(loss: loss, gradient: norm, right: settings.loss.right(real: onReal.scores, fake: onFake.scores))
        sums.margin += AdversarialSums.margin(real: onReal.scores, fake: onFake.scores)
        steps += 1
        guard steps % settings.criticSteps == 0 else { return }
        try stepGenerator(fake, augmented(&augmenting), ratings, noiseDeviation, &random)
    }

    /// A draw of the augmentation for each sample; nil where there is none.
    private func augmented(_ random: inout Philox) -> AugmentedBatch? {
        guard settings.augmentation.isOn else { return nil }
        return AugmentedBatch(
            settings.augmentation, count: settings.batch, mels: critic.configuration.mels,
            frames: critic.configuration.frames, &random)
    }

    private func stepGenerator(
        _ fake: UnsafeBufferPointer<Float>, _ augmented: AugmentedBatch?, _ ratings: [Float],
        _ noiseDeviation: Double, _ random: inout Philox
    ) throws {
        feed(guiding, fake, augmented, ratings, noiseDeviation, &random)
        guiding.forward()
        let output = CriticOutput(guiding.value(programs.guidingScores), batch: settings.batch)
        let found = settings.loss.ofGenerator(output.scores), error = output.ratingError(ratings)
        let loss = found.value + settings.regression * error.value
        guiding.backward(
            seed: output.gradient(
                scores: found.gradient, ratings: error.gradient.map { settings.regression * $0 }),
            key: 0, firstSample: 0)
        generatorGradients.pointer.update(repeating: 0, count: generatorGradients.count)
        let above = guiding.inputGradient("x")
        if let augmented {
            _ = generating.seed?.update(fromContentsOf: augmented.transposed(above))
        } else {
            _ = generating.seed?.update(from: above)
        }
        generating.backward()
        let norm = GradientNorm.measure(generatorGradients)
        try requireFinite(loss, norm)
        settings.optimizer.update(
            generatorParameters, gradients: generatorGradients, state: generatorState,
            rate: Float(settings.generatorRate))
        average?.update(generatorParameters)
        sums.add(generatorLoss: loss, gradient: norm)
        sums.ratingErrorOnFake += error.value
    }

    /// Scores spectrograms, and adds the gradient of their loss to the critic's.
    /// - Parameter regression: the weight of the error of the ratings that the critic reads off them.
    private func score(
        _ spectrograms: UnsafeBufferPointer<Float>, _ augmented: AugmentedBatch?, _ ratings: [Float],
        _ noiseDeviation: Double, regression: Double, _ random: inout Philox,
        _ loss: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (loss: Double, scores: [Double], ratingError: Double) {
        feed(scoring, spectrograms, augmented, ratings, noiseDeviation, &random)
        scoring.forward()
        let output = CriticOutput(scoring.value(programs.scores), batch: settings.batch)
        let found = loss(output.scores), error = output.ratingError(ratings)
        scoring.backward(
            seed: output.gradient(scores: found.gradient, ratings: error.gradient.map { regression * $0 }), key: 0,
            firstSample: 0)
        return (found.value + regression * error.value, output.scores, error.value)
    }

    private func feed(
        _ executor: Executor, _ spectrograms: UnsafeBufferPointer<Float>, _ augmented: AugmentedBatch?,
        _ ratings: [Float], _ noiseDeviation: Double, _ random: inout Philox
    ) {
        let x = executor.input("x")
        if let augmented {
            _ = x.update(fromContentsOf: augmented.applied(to: spectrograms))
        } else {
            _ = x.update(fromContentsOf: spectrograms)
        }
        if noiseDeviation > 0 { for index in x.indices { x[index] += Float(noiseDeviation * random.nextNormal()) } }
        _ = executor.input("ratings").update(fromContentsOf: ratings)
    }

    /// Random interpolations between real and generated spectrograms, with one share per sample.
    private func mix(
        _ fake: UnsafeBufferPointer<Float>, _ realBatch: AugmentedBatch?, _ fakeBatch: AugmentedBatch?,
        into x: UnsafeMutableBufferPointer<Float>, _ random: inout Philox
    ) {
        guard let realBatch, let fakeBatch else { return interpolate(real, fake, into: x, &random) }
        interpolate(
            real.withUnsafeBufferPointer { realBatch.applied(to: $0) }, fakeBatch.applied(to: fake), into: x, &random)
    }

    private func interpolate<Real: RandomAccessCollection<Float>, Fake: RandomAccessCollection<Float>>(
        _ real: Real, _ fake: Fake, into x: UnsafeMutableBufferPointer<Float>, _ random: inout Philox
    ) where Real.Index == Int, Fake.Index == Int {
        let size = x.count / settings.batch
        for sample in 0..<settings.batch {
            let share = shares?[sample] ?? Float(random.nextDouble())
            for index in sample * size..<(sample + 1) * size {
                x[index] = share * real[index] + (1 - share) * fake[index]
            }
        }
    }

    private func fillLatent(_ noise: [Float], _ ratings: [Float]) {
        let latent = generating.input("latent"),
            (z, d) = (generator.configuration.noise, generator.configuration.condition)
        for sample in 0..<settings.batch {
            for index in 0..<z { latent[sample * (z + d) + index] = noise[sample * z + index] }
            for index in 0..<d { latent[sample * (z + d) + z + index] = ratings[sample * d + index] }
        }
    }

    private func load(_ positions: [Int], _ ratings: inout [Float]) throws {
        let epoch = epoch, source = source, d = critic.configuration.condition, size = real.count / settings.batch
        try real.withUnsafeMutableBufferPointer { real in
            try ratings.withUnsafeMutableBufferPointer { ratings in
                for (sample, position) in positions.enumerated() {
                    try source.load(
                        epoch: epoch, position: position,
                        input: UnsafeMutableBufferPointer(rebasing: real[sample * size..<(sample + 1) * size]),
                        target: UnsafeMutableBufferPointer(rebasing: ratings[sample * d..<(sample + 1) * d]))
                }
            }
        }
    }

    /// Sets the real spectrograms of the next step, for tests.
    func setReal(_ values: [Float]) { real = values }

    private func requireFinite(_ loss: Double, _ norm: Double) throws {
        guard loss.isFinite, norm.isFinite else {
            throw TrainingError.diverged(epoch: epoch, step: steps, losses: recent)
        }
    }
}
