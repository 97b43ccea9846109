public import SentioNumerics
import Synchronization

/// Trains a network that predicts ratings, epoch by epoch.
///
/// Results are bit-identical for the same settings, source and number of threads; a trainer restored from `state`
/// continues exactly like the one that was saved. Not thread-safe.
public final class RegressionTrainer {
    /// A network: its parameters, and how it is called with samples [N, …].
    public struct Network: Sendable {
        /// What lists the parameters.
        public let layer: any Layer
        /// Samples [N, …] to predictions [N, dimensions].
        public let call: @Sendable (Tensor) -> Tensor
        /// The same in training.
        public let trainingCall: @Sendable (Tensor) -> Tensor

        /// - Parameter training: how it is called in training, if that is another graph; nil: as in inference.
        public init<Model: Layer>(
            _ model: Model, training: (@Sendable (Model, Tensor) -> Tensor)? = nil,
            _ call: @escaping @Sendable (Model, Tensor) -> Tensor
        ) {
            layer = model
            self.call = { call(model, $0) }
            let trainingCall = training ?? call
            self.trainingCall = { trainingCall(model, $0) }
        }
    }

    /// What one epoch was like.
    public struct Epoch: Sendable {
        /// From 0.
        public let number: Int
        /// The mean over steps, penalties of weights included.
        public let loss: Double
        /// The learning rate of the last step.
        public let learningRate: Double
        /// The mean norm of the gradient over steps, before clipping.
        public let gradientNorm: Double
        /// [samples, dimensions] in the order of training: each prediction is made in training mode, before the step
        /// that learns from it.
        public let predictions: [Double]
        /// The ratings beside the predictions.
        public let targets: [Double]
    }

    /// How it trains.
    public let settings: TrainingSettings
    /// The network's current values, not their average.
    public let parameters: ParameterSet
    /// Epochs done.
    public internal(set) var epoch = 0
    /// Multiplies the learning rate: what `Schedule.factor(after:rate:)` makes of the validation losses. It is not part
    /// of `state`, so set it before each epoch.
    public var rateFactor = 1.0
    let optimizerState: AdamW.State
    let average: MovingAverage?
    /// What the current epoch has accumulated.
    var partial = Partial()
    private let network: Network
    private let source: any TrainingSource
    private let parallel: DataParallel
    private let predictions: Tensor
    private let rateFactors: [Float]
    private var recent: [Double] = []

    struct Partial {
        var steps = 0
        var loss = 0.0
        var norm = 0.0
        var predictions: [Double] = []
        var targets: [Double] = []
    }

    /// - Precondition: the network's output is [N, dimensions].
    public init(_ network: Network, settings: TrainingSettings, source: any TrainingSource) {
        self.network = network
        self.settings = settings
        self.source = source
        parameters = ParameterSet(network.layer, seed: settings.seed)
        rateFactors =
            settings.rateFactors.isEmpty ? [] : parameters.entries.map { Float(settings.rateFactors[$0.name] ?? 1) }
        let (program, lanes, micro) = Self.plan(network, settings: settings, inputShape: source.inputShape)
        guard let predictions = program.loss, predictions.shape == [micro, source.dimensions] else {
            preconditionFailure("The network's output is not [N, \(source.dimensions)].")
        }
        self.predictions = predictions
        parallel = DataParallel(program, parameters: parameters, lanes: lanes, microBatch: micro)
        optimizerState = AdamW.State(parameters)
        average = settings.average > 0 ? MovingAverage(parameters, decay: settings.average) : nil
    }

    static func plan(_ network: Network, settings: TrainingSettings, inputShape: Shape) -> (
        Program, lanes: Int, micro: Int
    ) {
        let micro = settings.microBatch == 0 ? settings.batch : settings.microBatch
        let lanes = settings.microBatch == 0 ? 1 : min(settings.threads, max(1, settings.batch / micro))
        let graph = Graph(), predictions = network.trainingCall(graph.input("x", Shape([micro] + inputShape.dims)))
        let program = Program(
            graph: graph, loss: predictions, outputs: [], threads: lanes == 1 ? settings.threads : 1,
            precision: settings.precision)
        return (program, lanes, micro)
    }

    /// Replaces starting values by parameter name; a moving average starts from them too.
    /// - Precondition: no step has been taken, and lengths agree.
    public func start(from values: [String: [Float]]) {
        precondition(epoch == 0 && partial.steps == 0, "Starting values must be set before the first step.")
        for entry in parameters.entries {
            guard let given = values[entry.name] else { continue }
            precondition(
                given.count == entry.count,
                "\(entry.name) has \(entry.count) values, but \(given.count) starting values were given.")
            _ = parameters[entry].update(from: given)
        }
        average?.values.pointer.update(from: parameters.values.pointer, count: parameters.count)
    }

    /// Whether each op is timed. The default is false.
    public var isProfiling: Bool {
        get { parallel.lanes[0].isProfiling }
        set { for lane in parallel.lanes { lane.isProfiling = newValue } }
    }

    /// Seconds by op, forward and backward separately, summed over all lanes; filled while `isProfiling`.
    public var profile: [String: Double] {
        parallel.lanes.reduce(into: [:]) { sum, lane in sum.merge(lane.profile) { $0 + $1 } }
    }

    /// Floating-point operations per sample of a training step: products and convolutions, with their gradients.
    public var operationsPerSample: Double {
        Double(parallel.lanes[0].program.operations) / Double(parallel.microBatch)
    }

    /// Steps per epoch. Samples that do not fill a micro-batch at the end of an epoch are left out; the order changes
    /// every epoch.
    public var stepsPerEpoch: Int { max(1, (samplesPerEpoch + settings.batch - 1) / settings.batch) }

    /// Samples per epoch.
    public var samplesPerEpoch: Int {
        (settings.samplesPerEpoch == 0 ? source.count : settings.samplesPerEpoch) / parallel.microBatch
            * parallel.microBatch
    }

    /// Steps done of the current epoch.
    public var stepsOfEpoch: Int { partial.steps }

    /// Trains one epoch, or the rest of one that was restored.
    ///
    /// - Parameter onStep: called after each step with its number in the epoch and the mean loss so far; `state` is
    ///   then the state after the step. It may throw to stop the training.
    /// - Throws: `TrainingError.diverged`, and whatever the source or `onStep` throws.
    public func runEpoch(onStep: (_ step: Int, _ loss: Double) throws -> Void = { _, _ in }) throws -> Epoch {
        let order = draws()
        let total = settings.epochs * stepsPerEpoch
        func rate(at step: Int) -> Double {
            settings.learningRate * rateFactor
                * settings.schedule.factor(at: step, of: total, warmup: settings.warmup)
        }
        for start in stride(from: partial.steps * settings.batch, to: order.count, by: settings.batch) {
            let drawn = Array(order[start..<min(start + settings.batch, order.count)])
            let step = optimizerState.steps
            var batch = try gradients(drawn, key: settings.seed &+ UInt64(step) &* 0x2545_F491_4F6C_DD1D)
            batch.loss += WeightPenalty.add(parameters, to: parallel.gradients)
            let norm = GradientNorm.measure(parallel.gradients)
            guard batch.loss.isFinite, norm.isFinite else {
                throw TrainingError.diverged(epoch: epoch, step: step, losses: recent)
            }
            recent = recent.suffix(4) + [batch.loss]
            settings.optimizer.update(
                parameters, gradients: parallel.gradients, state: optimizerState,
                rate: Float(rate(at: step)),
                scale: GradientNorm.scale(norm: norm, limit: settings.clip), rateFactors: rateFactors)
            average?.update(parameters)
            partial.predictions += batch.predictions
            partial.targets += batch.targets
            (partial.loss, partial.norm, partial.steps) = (
                partial.loss + batch.loss, partial.norm + norm, partial.steps + 1
            )
            try onStep(partial.steps, partial.loss / Double(partial.steps))
        }
        let count = Double(max(1, partial.steps))
        defer { (epoch, partial) = (epoch + 1, Partial()) }
        return Epoch(
            number: epoch, loss: partial.loss / count,
            learningRate: rate(at: max(0, optimizerState.steps - 1)),
            gradientNorm: partial.norm / count,
            predictions: partial.predictions, targets: partial.targets)
    }

    /// A sample of the source.
    private struct Draw: Sendable {
        /// The source's epoch: how many times all samples have been drawn before.
        let pass: Int
        let position: Int
    }

    /// The samples of the current epoch: the source in a new order each time it is exhausted.
    private func draws() -> [Draw] {
        if !settings.groups.isEmpty {
            precondition(settings.groups.count == source.count, "Every sample needs a group.")
            return BalancedOrder(settings.groups, seed: settings.seed).epoch(epoch, count: samplesPerEpoch).map {
                Draw(pass: $0.pass, position: $0.position)
            }
        }
        func order(_ pass: Int) -> [Draw] {
            var random = Philox(key: settings.seed, stream: UInt64(pass) &+ 0x7EA1)
            return random.permutation(source.count).map { Draw(pass: pass, position: $0) }
        }
        let wanted = samplesPerEpoch
        guard settings.samplesPerEpoch > 0 else { return Array(order(epoch).prefix(wanted)) }
        let first = epoch * wanted
        var pass = first / source.count, drawn = Array(order(pass).dropFirst(first % source.count))
        while drawn.count < wanted {
            pass += 1
            drawn += order(pass)
        }
        return Array(drawn.prefix(wanted))
    }

    /// Predictions [samples, dimensions] for a source's first epoch, in inference.
    ///
    /// - Parameters:
    ///   - weights: an earlier value of the property `weights`; nil: its current value.
    ///   - onSample: called for each sample, on several threads. It may throw to stop.
    /// - Throws: whatever the source or `onSample` throws.
    public func predict(
        _ source: any TrainingSource, weights: SafetensorsFile? = nil,
        onSample: @Sendable (Int) throws -> Void = { _ in }
    ) throws -> [Double] {
        let chosen = ParameterSet(like: parameters, values: average?.values ?? parameters.values)
        for entry in chosen.entries {
            if let tensor = weights?.tensors[entry.name] { _ = chosen[entry].update(from: tensor.values) }
        }
        return try Self.predict(
            network, parameters: chosen, source, threads: settings.threads, precision: settings.precision,
            onSample: onSample)
    }

    /// Predictions [samples, dimensions] of a network with given parameters, for a source's first epoch.
    ///
    /// - Parameter onSample: called for each sample, on several threads. It may throw to stop.
    /// - Throws: whatever the source or `onSample` throws.
    public static func predict(
        _ network: Network, parameters: ParameterSet, _ source: any TrainingSource, threads: Int,
        precision: Precision = .float32,
        onSample: @Sendable (Int) throws -> Void = { _ in }
    ) throws -> [Double] {
        let predictor = Predictor(
            network, parameters: parameters, inputShape: source.inputShape,
            threads: min(threads, max(1, source.count)), precision: precision)
        return try predictor.predict(source, onSample: onSample)
    }

    // MARK: One batch

    private struct Batch: Sendable {
        var loss = 0.0
        /// The loss of each micro-batch; they are added in order, whichever finished first.
        var parts: [Double]
        var predictions: [Double]
        var targets: [Double]
    }

    /// Computes the loss of a batch, and its gradient in `parallel.gradients`.
    private func gradients(_ drawn: [Draw], key: UInt64) throws -> Batch {
        let dimensions = source.dimensions, micro = parallel.microBatch, loss = settings.loss, source = source
        let shares = settings.dimensionWeights
        let weights = drawn.map { source.weight(epoch: $0.pass, position: $0.position) }, total = weights.reduce(0, +)
        let shared = Mutex(
            Batch(
                parts: [Double](repeating: 0, count: drawn.count / micro),
                predictions: [Double](repeating: 0, count: drawn.count * dimensions),
                targets: [Double](repeating: 0, count: drawn.count * dimensions)))
        let index = predictions.index
        @Sendable func load(_ executor: Executor, _ first: Int) throws -> [Double] {
            let input = executor.input("x"), size = input.count / micro
            var targets = [Float](repeating: 0, count: micro * dimensions)
            try targets.withUnsafeMutableBufferPointer { targets in
                for sample in 0..<micro {
                    try source.load(
                        epoch: drawn[first + sample].pass, position: drawn[first + sample].position,
                        input: UnsafeMutableBufferPointer(rebasing: input[sample * size..<(sample + 1) * size]),
                        target: UnsafeMutableBufferPointer(
                            rebasing: targets[sample * dimensions..<(sample + 1) * dimensions]))
                }
            }
            return targets.map { Double($0) }
        }
        @Sendable func keep(_ first: Int, _ predicted: [Double], _ truth: [Double], _ part: Double) {
            shared.withLock {
                $0.predictions.replaceSubrange(first * dimensions..<(first + micro) * dimensions, with: predicted)
                $0.targets.replaceSubrange(first * dimensions..<(first + micro) * dimensions, with: truth)
                $0.parts[first / micro] = part
            }
        }
        let isWhole = drawn.count == micro
        if type(of: loss).isSeparable || isWhole {
            try parallel.run(samples: drawn.count) { executor, first in
                let truth = try load(executor, first)
                executor.forward(key: key, firstSample: first)
                let predicted = executor.value(at: index).map { Double($0) }
                let own = Array(weights[first..<first + micro]), share = own.reduce(0, +) / total
                guard share > 0 else { return keep(first, predicted, truth, 0) }
                let found = loss.evaluate(
                    prediction: predicted, truth: truth, dimensions: dimensions, weights: own, shares: shares)
                keep(first, predicted, truth, found.value * share)
                executor.backward(seed: found.gradient.map { Float($0 * share) }, key: key, firstSample: first)
            }
            return shared.withLock {
                $0.loss = $0.parts.reduce(0, +)
                return $0
            }
        }
        // The loss needs all predictions at once: one pass computes them, another propagates its gradient.
        try parallel.run(samples: drawn.count) { executor, first in
            let truth = try load(executor, first)
            executor.forward(key: key, firstSample: first)
            keep(first, executor.value(at: index).map { Double($0) }, truth, 0)
        }
        var batch = shared.withLock { $0 }
        let found = loss.evaluate(
            prediction: batch.predictions, truth: batch.targets, dimensions: dimensions, weights: weights,
            shares: shares)
        batch.loss = found.value
        try parallel.run(samples: drawn.count) { executor, first in
            _ = try load(executor, first)
            executor.forward(key: key, firstSample: first)
            let own = found.gradient[first * dimensions..<(first + micro) * dimensions]
            executor.backward(seed: own.map { Float($0) }, key: key, firstSample: first)
        }
        return batch
    }
}
