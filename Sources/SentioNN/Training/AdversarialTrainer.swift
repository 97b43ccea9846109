import SentioNumerics

/// Trains a generator against a critic, epoch after epoch: critic steps on real songs and on what the generator makes
/// of noise and the same songs' ratings, and a generator step after every `criticSteps` of them.
///
/// The same bits for the same settings, source and number of threads; a trainer that is restored from `state` goes on
/// exactly as the one that was saved. Not for use from two threads at a time. What does not fill a batch at the end of
/// an epoch is left out.
public final class AdversarialTrainer {
    /// What one epoch was like: means over steps.
    public struct Epoch: Sendable {
        public let number: Int
        public let criticLoss: Double
        public let generatorLoss: Double
        /// Shares that the critic told right.
        public let accuracyOnReal: Double
        public let accuracyOnFake: Double
        public let criticGradient: Double
        public let generatorGradient: Double
        /// The gradient penalty before its weight; nil without one.
        public let penalty: Double?
    }

    public let settings: AdversarialSettings
    public let generator: Generator
    public let critic: Discriminator
    public let generatorParameters: ParameterSet
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
    private let making: Executor
    private let judging: Executor
    /// The critic as the generator's step needs it: for the gradient of what it is shown.
    private let guiding: Executor
    private let penalising: Executor?
    let generatorGradients: AlignedFloats
    let criticGradients: AlignedFloats
    private var real: [Float]
    private var recent: [Double] = []
    /// How real the mixtures of the penalty are, where another program has drawn them.
    var shares: [Float]?

    /// - Precondition: generator, critic and source agree in mels, frames and condition; the source fills a batch.
    public init(
        _ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings, source: any TrainingSource
    ) {
        precondition(
            source.count >= settings.batch, "A batch of \(settings.batch) needs as many songs, not \(source.count).")
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
        making = Executor(programs.making, parameters: generatorParameters, gradients: generatorGradients)
        // They never run between each other's passes.
        let arena = AlignedFloats(count: programs.sharedBytes / MemoryLayout<Float>.stride)
        judging = Executor(programs.judging, parameters: criticParameters, gradients: criticGradients, arena: arena)
        guiding = Executor(programs.guiding, parameters: criticParameters, arena: arena)
        let parameters = criticParameters, gradients = criticGradients
        penalising = programs.penalising.map {
            Executor($0, parameters: parameters, gradients: gradients, arena: arena)
        }
        real = [Float](repeating: 0, count: settings.batch * critic.configuration.mels * critic.configuration.frames)
    }

    /// Bytes that a training takes, known before any is taken.
    public static func memory(_ generator: Generator, _ critic: Discriminator, settings: AdversarialSettings) -> Int {
        let programs = AdversarialPrograms(generator, critic, settings: settings), stride = MemoryLayout<Float>.stride
        let blocks =
            (settings.average > 0 ? 5 : 4) * ParameterSet.length(of: generator) + 4 * ParameterSet.length(of: critic)
        return programs.making.arenaBytes + programs.sharedBytes + blocks * stride
    }

    /// Floating-point operations of one step of both networks a sample: products and convolutions, with their
    /// gradients.
    public var operationsPerSample: Double { Double(programs.operations) / Double(settings.batch) }

    /// Critic steps of one epoch.
    public var stepsPerEpoch: Int { source.count / settings.batch }
    /// Steps done of the epoch that is under way.
    public var stepsOfEpoch: Int { sums.steps }

    /// Trains one epoch, or what is left of one that was restored.
    ///
    /// - Parameter onStep: called after each step with its number in the epoch and the losses so far; `state` is then
    ///   that after the step. May throw to stop.
    /// - Throws: `TrainingError.diverged`, and what the source or `onStep` throws.
    public func runEpoch(
        onStep: (_ step: Int, _ criticLoss: Double, _ generatorLoss: Double) throws -> Void = { _, _, _ in }
    ) throws -> Epoch {
        var random = Philox(key: settings.seed, stream: UInt64(epoch) &+ 0x6A4_0001)
        let order = random.permutation(source.count)
        for number in sums.steps..<stepsPerEpoch {
            try step(Array(order[number * settings.batch..<(number + 1) * settings.batch]))
            try onStep(sums.steps, sums.mean(\.criticLoss), sums.meanOfGenerator(\.generatorLoss))
        }
        defer { (epoch, sums) = (epoch + 1, AdversarialSums()) }
        return Epoch(
            number: epoch, criticLoss: sums.mean(\.criticLoss), generatorLoss: sums.meanOfGenerator(\.generatorLoss),
            accuracyOnReal: sums.mean(\.right.real), accuracyOnFake: sums.mean(\.right.fake),
            criticGradient: sums.mean(\.criticGradient),
            generatorGradient: sums.meanOfGenerator(\.generatorGradient),
            penalty: penalising == nil ? nil : sums.mean(\.penalty))
    }

    /// Seconds by op, of all four programs, while `isProfiling`.
    public var profile: [String: Double] {
        executors.reduce(into: [:]) { $0.merge($1.profile) { $0 + $1 } }
    }
    public var isProfiling = false { didSet { for executor in executors { executor.isProfiling = isProfiling } } }
    private var executors: [Executor] { [making, judging, guiding] + (penalising.map { [$0] } ?? []) }

    // MARK: One step

    /// Trains on the given samples of the epoch.
    func step(_ positions: [Int]) throws {
        var ratings = [Float](repeating: 0, count: positions.count * critic.configuration.condition)
        try load(positions, &ratings)
        var random = Philox(key: settings.seed ^ 0x9A5E_0000, stream: UInt64(steps))
        let noise = (0..<positions.count * generator.configuration.noise).map { _ in Float(random.nextNormal()) }
        try step(ratings: ratings, noise: noise, &random)
    }

    /// One critic step on what `real` holds, and perhaps a generator step.
    func step(ratings: [Float], noise: [Float], _ random: inout Philox) throws {
        let shaking = settings.noise(epoch: epoch)
        fillLatent(noise, ratings)
        making.forward()
        let fake = making.value(programs.made)
        criticGradients.pointer.update(repeating: 0, count: criticGradients.count)
        let onReal = judge(real, ratings, shaking, &random) { settings.loss.ofReal($0) }
        let onFake = judge(fake, ratings, shaking, &random) { settings.loss.ofFake($0) }
        var loss = onReal.loss + onFake.loss
        if let penalising, let weight = settings.loss.gradientPenalty, let tensor = programs.penalising?.loss {
            mix(fake, into: penalising.input("x"), &random)
            _ = penalising.input("ratings").update(from: ratings)
            penalising.run(scale: Float(weight))
            let penalty = Double(penalising.value(tensor)[0])
            sums.penalty += penalty
            loss += weight * penalty
        }
        let norm = GradientNorm.measure(criticGradients)
        try requireFinite(loss, norm)
        recent = recent.suffix(4) + [loss]
        settings.optimizer.update(
            criticParameters, gradients: criticGradients, state: criticState, rate: Float(settings.criticRate))
        sums.add(loss: loss, gradient: norm, right: settings.loss.right(real: onReal.scores, fake: onFake.scores))
        steps += 1
        if steps % settings.criticSteps == 0 { try stepGenerator(fake, ratings, shaking, &random) }
    }

    private func stepGenerator(
        _ fake: UnsafeBufferPointer<Float>, _ ratings: [Float], _ shaking: Double, _ random: inout Philox
    ) throws {
        show(guiding, fake, ratings, shaking, &random)
        guiding.forward()
        let found = settings.loss.ofGenerator(guiding.value(programs.guidance).map { Double($0) })
        guiding.backward(seed: found.gradient.map { Float($0) }, key: 0, firstSample: 0)
        generatorGradients.pointer.update(repeating: 0, count: generatorGradients.count)
        _ = making.seed?.update(from: guiding.inputGradient("x"))
        making.backward()
        let norm = GradientNorm.measure(generatorGradients)
        try requireFinite(found.value, norm)
        settings.optimizer.update(
            generatorParameters, gradients: generatorGradients, state: generatorState,
            rate: Float(settings.generatorRate))
        average?.update(generatorParameters)
        sums.add(generatorLoss: found.value, gradient: norm)
    }

    /// The critic's scores of some spectrograms; adds the gradient of their loss.
    private func judge(
        _ spectrograms: some Collection<Float>, _ ratings: [Float], _ shaking: Double, _ random: inout Philox,
        _ loss: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (loss: Double, scores: [Double]) {
        show(judging, spectrograms, ratings, shaking, &random)
        judging.forward()
        let scores = judging.value(programs.judgement).map { Double($0) }, found = loss(scores)
        judging.backward(seed: found.gradient.map { Float($0) }, key: 0, firstSample: 0)
        return (found.value, scores)
    }

    private func show(
        _ executor: Executor, _ spectrograms: some Collection<Float>, _ ratings: [Float], _ shaking: Double,
        _ random: inout Philox
    ) {
        let x = executor.input("x")
        _ = x.update(fromContentsOf: spectrograms)
        if shaking > 0 { for index in x.indices { x[index] += Float(shaking * random.nextNormal()) } }
        _ = executor.input("ratings").update(fromContentsOf: ratings)
    }

    /// Places between real and made spectrograms, one number a sample.
    private func mix(
        _ fake: UnsafeBufferPointer<Float>, into x: UnsafeMutableBufferPointer<Float>, _ random: inout Philox
    ) {
        let size = x.count / settings.batch
        for sample in 0..<settings.batch {
            let share = shares?[sample] ?? Float(random.nextDouble())
            for index in sample * size..<(sample + 1) * size {
                x[index] = share * real[index] + (1 - share) * fake[index]
            }
        }
    }

    private func fillLatent(_ noise: [Float], _ ratings: [Float]) {
        let latent = making.input("latent"), (z, d) = (generator.configuration.noise, generator.configuration.condition)
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

    /// The real spectrograms of the next step.
    func setReal(_ values: [Float]) { real = values }

    private func requireFinite(_ loss: Double, _ norm: Double) throws {
        guard loss.isFinite, norm.isFinite else {
            throw TrainingError.diverged(epoch: epoch, step: steps, losses: recent)
        }
    }
}
