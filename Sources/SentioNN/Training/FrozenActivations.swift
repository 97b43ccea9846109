/// Computes activations of a network that does not change, sample by sample on several threads.
public final class FrozenActivations {
    private let parallel: DataParallel
    private let output: Int

    /// - Parameters:
    ///   - parameters: of everything that `call` uses.
    ///   - input: the shape of one sample.
    ///   - call: samples [N, …] to activations [N, …].
    public init(_ parameters: ParameterSet, input: Shape, threads: Int, _ call: (Tensor) -> Tensor) {
        let program = Self.program(input, call)
        output = program.outputs[0].index
        parallel = DataParallel(program, parameters: parameters, lanes: max(1, threads), microBatch: 1)
    }

    private static func program(_ input: Shape, _ call: (Tensor) -> Tensor) -> Program {
        let graph = Graph(), output = call(graph.input("x", Shape([1] + input.dims)))
        return Program(graph: graph, outputs: [output])
    }

    /// Bytes that it takes, beside the parameters.
    public static func memory(input: Shape, threads: Int, _ call: (Tensor) -> Tensor) -> Int {
        let program = program(input, call)
        return max(1, threads) * (program.arenaBytes + program.bytesOutside)
    }

    /// Computes `count` samples. Each is the same whatever the number of threads.
    ///
    /// - Parameters:
    ///   - load: writes a sample. Called on several threads.
    ///   - keep: takes its activations; they are valid during the call. Called on several threads.
    /// - Throws: whatever `load` or `keep` throws.
    public func run(
        count: Int, load: @Sendable (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
        keep: @Sendable (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        let output = output
        try parallel.run(samples: count) { executor, sample in
            try load(sample, executor.input("x"))
            executor.forward()
            try keep(sample, executor.value(at: output))
        }
    }
}
