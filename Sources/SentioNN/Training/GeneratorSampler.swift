public import SentioNumerics

/// Makes spectrograms one by one with a trained generator, in inference. A sample depends on its latent vector alone,
/// not on other samples or on threads.
public final class GeneratorSampler {
    /// The generator.
    public let generator: Generator
    private let parallel: DataParallel
    private let output: Int

    /// - Parameter values: of all parameters, laid out as in a `ParameterSet` of the generator.
    public convenience init(_ generator: Generator, values: AlignedFloats, threads: Int) {
        let parameters = ParameterSet(generator, seed: nil)
        precondition(
            values.count == parameters.count,
            "The generator has \(parameters.count) values, but \(values.count) were given.")
        parameters.values.pointer.update(from: values.pointer, count: values.count)
        self.init(generator, parameters, threads: threads)
    }

    /// - Throws: `TrainingError.foreignState` if the file does not hold the generator's weights.
    public convenience init(_ generator: Generator, weights: SafetensorsFile, threads: Int) throws {
        let parameters = ParameterSet(generator, seed: nil)
        try parameters.load(weights)
        self.init(generator, parameters, threads: threads)
    }

    private init(_ generator: Generator, _ parameters: ParameterSet, threads: Int) {
        self.generator = generator
        let graph = Graph(), c = generator.configuration
        let tensor = generator(graph.input("latent", [1, c.noise + c.condition]))
        output = tensor.index
        parallel = DataParallel(
            Program(graph: graph, outputs: [tensor]), parameters: parameters, lanes: max(1, threads), microBatch: 1)
    }

    /// Makes `count` spectrograms [mels, frames] in -1...1.
    ///
    /// - Parameters:
    ///   - latent: noise and ratings of each sample, [count, noise + condition].
    ///   - body: receives each spectrogram with its index. Called on several threads.
    /// - Throws: whatever `body` throws.
    public func make(
        _ count: Int, latent: [Float], _ body: @Sendable (_ index: Int, UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        let width = generator.configuration.noise + generator.configuration.condition, output = output
        precondition(latent.count == count * width, "Each latent vector needs \(width) numbers.")
        try parallel.run(samples: count) { executor, first in
            _ = executor.input("latent").update(fromContentsOf: latent[first * width..<(first + 1) * width])
            executor.forward()
            try body(first, executor.value(at: output))
        }
    }
}
