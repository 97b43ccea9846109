import Synchronization

/// Predicts with the weights of a trained network, in inference: one sample at a time on each core.
///
/// Training and serving share it. A prediction depends on its sample alone, not on the other samples or the number of
/// threads, so a song that is rated long after the training gets the same bits. Not thread-safe.
public final class Predictor {
    private let parallel: DataParallel
    private let output: Int
    private let inputShape: Shape
    /// Predicted values per sample.
    public let dimensions: Int

    /// Compiles the network and allocates the memory of all threads.
    ///
    /// - Parameters:
    ///   - parameters: of the network; they may change between predictions.
    ///   - inputShape: of one sample.
    ///   - threads: samples that are computed at once.
    public init(
        _ network: RegressionTrainer.Network, parameters: ParameterSet, inputShape: Shape, threads: Int,
        precision: Precision = .float32
    ) {
        let (program, predictions) = Self.program(network, inputShape: inputShape, precision: precision)
        self.inputShape = inputShape
        output = predictions.index
        dimensions = predictions.shape.count
        parallel = DataParallel(program, parameters: parameters, lanes: max(1, threads), microBatch: 1)
    }

    /// The program that predicts one sample on one core.
    static func program(_ network: RegressionTrainer.Network, inputShape: Shape, precision: Precision) -> (
        Program, predictions: Tensor
    ) {
        let graph = Graph(), predictions = network.call(graph.input("x", Shape([1] + inputShape.dims)))
        return (Program(graph: graph, outputs: [predictions], precision: precision), predictions)
    }

    /// What predicting takes, in bytes, computed without allocating it: the process, the parameters, and the activations
    /// and compiled convolutions of every thread. Compiles the convolutions.
    public static func memory(
        _ network: RegressionTrainer.Network, inputShape: Shape, threads: Int, precision: Precision = .float32
    ) -> Int {
        let program = program(network, inputShape: inputShape, precision: precision).0, threads = max(1, threads)
        return RegressionTrainer.processBytes + ParameterSet.length(of: network.layer) * MemoryLayout<Float>.stride
            + threads * (program.arenaBytes + program.bytesOutside + Product.bytesPerThread)
    }

    /// Predictions [samples, dimensions] for a source's first epoch.
    ///
    /// - Parameter onSample: called for each sample, on several threads. It may throw to stop.
    /// - Throws: whatever the source or `onSample` throws.
    /// - Precondition: the source has the input shape and the number of dimensions of the network.
    public func predict(
        _ source: any TrainingSource, onSample: @Sendable (Int) throws -> Void = { _ in }
    ) throws -> [Double] {
        precondition(
            source.inputShape == inputShape && source.dimensions == dimensions,
            "The network predicts \(dimensions) values from \(inputShape), not \(source.dimensions) from "
                + "\(source.inputShape).")
        let dimensions = dimensions, output = output
        let found = Mutex([Double](repeating: 0, count: source.count * dimensions))
        try parallel.run(samples: source.count) { executor, sample in
            var target = [Float](repeating: 0, count: dimensions)
            try target.withUnsafeMutableBufferPointer {
                try source.load(epoch: 0, position: sample, input: executor.input("x"), target: $0)
            }
            executor.forward()
            let values = executor.value(at: output).map { Double($0) }
            found.withLock { $0.replaceSubrange(sample * dimensions..<(sample + 1) * dimensions, with: values) }
            try onSample(sample)
        }
        return found.withLock { $0 }
    }
}
