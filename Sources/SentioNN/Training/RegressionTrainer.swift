import SentioNumerics
import Synchronization

/// Trains a network that predicts ratings, epoch after epoch.
///
/// The same bits for the same settings, source and number of threads; a trainer that is restored from `state` goes on
/// exactly as the one that was saved. Not for use from two threads at a time.
public final class RegressionTrainer {
    /// A network: its parameters, and how it is called with samples [N, …].
    public struct Network: Sendable {
        public let layer: any Layer
        public let call: @Sendable (Tensor) -> Tensor

        public init<Model: Layer>(_ model: Model, _ call: @escaping @Sendable (Model, Tensor) -> Tensor) {
            layer = model
            self.call = { call(model, $0) }
        }
    }

    /// What one epoch was like.
    public struct Epoch: Sendable {
        public let number: Int
        /// The mean over steps.
        public let loss: Double
        /// The rate of the last step.
        public let learningRate: Double
        /// The mean length of the gradient over steps, before clipping.
        public let gradientNorm: Double
        /// In training mode, as each sample came by: [samples, dimensions], with the ratings.
        public let predictions: [Double]
        public let targets: [Double]
    }

    public let settings: TrainingSettings
    public let parameters: ParameterSet
    /// Epochs done.
    public internal(set) var epoch = 0
    let optimizerState: AdamW.State
    let average: MovingAverage?
    private let network: Network
    private let source: any TrainingSource
    private let parallel: DataParallel
    private let predictions: Tensor
    private var recent: [Double] = []

    /// Bytes that training takes: activations of all lanes, parameters, gradients and optimizer state.
    public var memory: Int {
        let block = parameters.count * MemoryLayout<Float>.stride
        return parallel.lanes.count * (parallel.lanes[0].program.arenaBytes + block) + (3 + (average == nil ? 0 : 1)) * block
    }

    /// - Precondition: the network gives [N, dimensions].
    public init(_ network: Network, settings: TrainingSettings, source: any TrainingSource) {
        self.network = network
        self.settings = settings
        self.source = source
        parameters = ParameterSet(network.layer, seed: settings.seed)
        let micro = settings.microBatch == 0 ? settings.batch : settings.microBatch
        let lanes = settings.microBatch == 0 ? 1 : min(settings.threads, max(1, settings.batch / micro))
        let graph = Graph()
        predictions = network.call(graph.input("x", Shape([micro] + source.inputShape.dims)))
        precondition(
            predictions.shape == [micro, source.dimensions], "The network gives \(predictions.shape), not [N, \(source.dimensions)].")
        let program = Program(graph: graph, loss: predictions, outputs: [], threads: lanes == 1 ? settings.threads : 1)
        parallel = DataParallel(program, parameters: parameters, lanes: lanes, microBatch: micro)
        optimizerState = AdamW.State(parameters)
        average = settings.average > 0 ? MovingAverage(parameters, decay: settings.average) : nil
    }

    /// Steps of one epoch. What does not fill a micro-batch at its end is left out; the order changes every epoch.
    public var stepsPerEpoch: Int {
        max(1, (source.count / parallel.microBatch * parallel.microBatch + settings.batch - 1) / settings.batch)
    }

    /// Trains one epoch.
    ///
    /// - Parameter onStep: called after each step with its number and the mean loss so far; may throw to stop.
    /// - Throws: `TrainingError.diverged`, and what the source or `onStep` throws. The trainer is of no use afterwards.
    public func runEpoch(onStep: (_ step: Int, _ loss: Double) throws -> Void = { _, _ in }) throws -> Epoch {
        var random = Philox(key: settings.seed, stream: UInt64(epoch) &+ 0x7EA1)
        let usable = source.count / parallel.microBatch * parallel.microBatch
        let order = Array(random.permutation(source.count).prefix(usable))
        let schedule = Schedule(settings.schedule, total: settings.epochs * stepsPerEpoch, warmup: settings.warmup, floor: settings.floor)
        var all = (predictions: [Double](), targets: [Double]()), lossSum = 0.0, normSum = 0.0, rate = 0.0, steps = 0
        for start in stride(from: 0, to: usable, by: settings.batch) {
            let positions = Array(order[start..<min(start + settings.batch, usable)])
            let step = optimizerState.steps
            let batch = try gradients(positions, key: settings.seed &+ UInt64(step) &* 0x2545_F491_4F6C_DD1D)
            let norm = GradientNorm.measure(parallel.gradients)
            guard batch.loss.isFinite, norm.isFinite else {
                throw TrainingError.diverged(epoch: epoch, step: step, losses: recent)
            }
            recent = recent.suffix(4) + [batch.loss]
            rate = settings.learningRate * schedule.factor(at: step)
            settings.optimizer.update(
                parameters, gradients: parallel.gradients, state: optimizerState, rate: Float(rate),
                scale: GradientNorm.scale(norm: norm, limit: settings.clip))
            average?.update(parameters)
            all.predictions += batch.predictions
            all.targets += batch.targets
            (lossSum, normSum, steps) = (lossSum + batch.loss, normSum + norm, steps + 1)
            try onStep(steps, lossSum / Double(steps))
        }
        defer { epoch += 1 }
        let count = Double(max(1, steps))
        return Epoch(
            number: epoch, loss: lossSum / count, learningRate: rate, gradientNorm: normSum / count, predictions: all.predictions,
            targets: all.targets)
    }

    /// Predictions [samples, dimensions] of a source's first epoch by the weights as they are (their average, if one is
    /// kept), without dropout.
    public func predict(_ source: any TrainingSource, onSample: @Sendable (Int) throws -> Void = { _ in }) throws -> [Double] {
        let chosen = ParameterSet(network.layer, seed: 0)
        chosen.values.pointer.update(from: (average?.values ?? parameters.values).pointer, count: parameters.count)
        return try Self.predict(network, parameters: chosen, source, threads: settings.threads, onSample: onSample)
    }

    /// Predictions of a network with given parameters.
    public static func predict(
        _ network: Network, parameters: ParameterSet, _ source: any TrainingSource, threads: Int,
        onSample: @Sendable (Int) throws -> Void = { _ in }
    ) throws -> [Double] {
        let graph = Graph(), predictions = network.call(graph.input("x", Shape([1] + source.inputShape.dims)))
        let parallel = DataParallel(Program(graph: graph, outputs: [predictions]), parameters: parameters, lanes: threads, microBatch: 1)
        let found = Mutex([Double](repeating: 0, count: source.count * source.dimensions)), index = predictions.index
        try parallel.run(samples: source.count) { executor, first in
            var target = [Float](repeating: 0, count: source.dimensions)
            try target.withUnsafeMutableBufferPointer { try source.load(epoch: 0, position: first, input: executor.input("x"), target: $0) }
            executor.forward()
            let values = executor.value(at: index).map { Double($0) }
            found.withLock { $0.replaceSubrange(first * values.count..<(first + 1) * values.count, with: values) }
            try onSample(first)
        }
        return found.withLock { $0 }
    }

    // MARK: One batch

    private struct Batch: Sendable {
        var loss = 0.0
        var predictions: [Double]
        var targets: [Double]
    }

    /// The loss of a batch, and its gradient in `parallel.gradients`.
    private func gradients(_ positions: [Int], key: UInt64) throws -> Batch {
        let dimensions = source.dimensions, micro = parallel.microBatch, epoch = epoch, loss = settings.loss, source = source
        let weights = positions.map { source.weight(epoch: epoch, position: $0) }, total = weights.reduce(0, +)
        let shared = Mutex(
            Batch(
                predictions: [Double](repeating: 0, count: positions.count * dimensions),
                targets: [Double](repeating: 0, count: positions.count * dimensions)))
        let index = predictions.index
        @Sendable func load(_ executor: Executor, _ first: Int) throws -> [Double] {
            let input = executor.input("x"), size = input.count / micro
            var targets = [Float](repeating: 0, count: micro * dimensions)
            try targets.withUnsafeMutableBufferPointer { targets in
                for sample in 0..<micro {
                    try source.load(
                        epoch: epoch, position: positions[first + sample],
                        input: UnsafeMutableBufferPointer(rebasing: input[sample * size..<(sample + 1) * size]),
                        target: UnsafeMutableBufferPointer(rebasing: targets[sample * dimensions..<(sample + 1) * dimensions]))
                }
            }
            return targets.map { Double($0) }
        }
        @Sendable func keep(_ first: Int, _ predicted: [Double], _ truth: [Double], _ part: Double) {
            shared.withLock {
                $0.predictions.replaceSubrange(first * dimensions..<(first + micro) * dimensions, with: predicted)
                $0.targets.replaceSubrange(first * dimensions..<(first + micro) * dimensions, with: truth)
                $0.loss += part
            }
        }
        let isWhole = positions.count == micro
        if loss.isSeparable || isWhole {
            try parallel.run(samples: positions.count) { executor, first in
                let truth = try load(executor, first)
                executor.forward(key: key, firstSample: first)
                let predicted = executor.value(at: index).map { Double($0) }
                let own = Array(weights[first..<first + micro]), share = own.reduce(0, +) / total
                guard share > 0 else { return keep(first, predicted, truth, 0) }
                let found = loss.evaluate(prediction: predicted, truth: truth, dimensions: dimensions, weights: own)
                keep(first, predicted, truth, found.value * share)
                executor.backward(seed: found.gradient.map { Float($0 * share) }, key: key, firstSample: first)
            }
            return shared.withLock { $0 }
        }
        // The loss needs all predictions at once: a pass to get them, and one to send its gradient back.
        try parallel.run(samples: positions.count) { executor, first in
            let truth = try load(executor, first)
            executor.forward(key: key, firstSample: first)
            keep(first, executor.value(at: index).map { Double($0) }, truth, 0)
        }
        var batch = shared.withLock { $0 }
        let found = loss.evaluate(prediction: batch.predictions, truth: batch.targets, dimensions: dimensions, weights: weights)
        batch.loss = found.value
        try parallel.run(samples: positions.count) { executor, first in
            _ = try load(executor, first)
            executor.forward(key: key, firstSample: first)
            let own = found.gradient[first * dimensions..<(first + micro) * dimensions]
            executor.backward(seed: own.map { Float($0) }, key: key, firstSample: first)
        }
        return batch
    }
}
