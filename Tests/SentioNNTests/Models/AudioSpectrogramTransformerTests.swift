@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct AudioSpectrogramTransformerTests {
    static func small(_ change: (inout AudioSpectrogramTransformer.Configuration) -> Void = { _ in })
        -> AudioSpectrogramTransformer
    {
        var configuration = AudioSpectrogramTransformer.Configuration()
        (configuration.mels, configuration.frames, configuration.patch, configuration.stride) = (8, 13, 4, 3)
        (configuration.width, configuration.heads, configuration.depth, configuration.hidden) = (8, 2, 2, 16)
        configuration.dropout = 0
        change(&configuration)
        return AudioSpectrogramTransformer(configuration)
    }

    @Test func publishedSize() {
        let model = AudioSpectrogramTransformer(.init())
        #expect(ParameterSet(model, seed: 0).trainedCount == 11_242_370)
    }

    /// The last block computes the class token alone; the same network in full gives the same numbers.
    @Test func theShortLastBlockChangesNothing() {
        let model = Self.small(), parameters = ParameterSet(model, seed: 1)
        for entry in parameters.entries {
            for index in 0..<entry.count { parameters[entry][index] += Float(index % 7) * 0.05 }
        }
        let graph = Graph(), x = graph.input("x", [3, 8, 13])
        let short = model(x)
        var full = model.patchProjection(x.patches(4, stride: 3)).prepending(graph.parameter(model.classToken))
        full = full.adding(perSample: graph.parameter(model.positions))
        for block in model.blocks { full = block(full) }
        let y = model.head[0](model.norm(full).tokens(0..<1).reshaped([3, 8]))
        let executor = Executor(Program(graph: graph, outputs: [short, y]), parameters: parameters)
        for index in executor.input("x").indices { executor.input("x")[index] = Float((index * 37) % 101) / 50 - 1 }
        executor.run()
        for (a, b) in zip(executor.value(short), executor.value(y)) { #expect(abs(a - b) < 1e-5) }
    }

    @Test(arguments: AudioSpectrogramTransformer.Pooling.allCases) func learnsAFewSpectrograms(
        _ pooling: AudioSpectrogramTransformer.Pooling
    ) {
        let model = Self.small { ($0.pooling, $0.headHidden) = (pooling, 6) }, parameters = ParameterSet(model, seed: 2)
        let graph = Graph(), x = graph.input("x", [4, 8, 13]), y = graph.input("y", [4, 2])
        let executor = Executor(
            Program(graph: graph, loss: meanSquaredError(model(x), y), outputs: []), parameters: parameters,
            gradients: AlignedFloats(count: parameters.count))
        let optimizer = AdamW(decay: 0), state = AdamW.State(parameters)
        var random = Philox(key: 4)
        var losses: [Float] = []
        for index in executor.input("x").indices { executor.input("x")[index] = Float(random.nextNormal()) }
        let xs = Array(executor.input("x")), ys = (0..<8).map { _ in Float(random.nextNormal()) }
        for _ in 0..<150 {
            _ = executor.input("x").update(from: xs)
            _ = executor.input("y").update(from: ys)
            executor.gradients?.pointer.update(repeating: 0, count: parameters.count)
            executor.run()
            losses.append(executor.value(executor.program.loss!)[0])
            optimizer.update(parameters, gradients: executor.gradients!, state: state, rate: 0.01)
        }
        #expect(losses[0] > 0.3 && losses[149] < 0.01 * losses[0], "\(losses[0]) to \(losses[149])")
    }

    @Test func lanesGiveTheGradientOfTheWholeBatch() throws {
        let model = Self.small { $0.dropout = 0.2 }, parameters = ParameterSet(model, seed: 3)
        func gradients(batch: Int, lanes: Int) throws -> [Float] {
            let graph = Graph(), x = graph.input("x", [batch, 8, 13]), y = graph.input("y", [batch, 2])
            let program = Program(graph: graph, loss: meanSquaredError(model(x), y), outputs: [])
            let parallel = DataParallel(program, parameters: parameters, lanes: lanes, microBatch: batch)
            try parallel.run(samples: 8) { executor, first in
                let (x, y) = (executor.input("x"), executor.input("y"))
                for index in x.indices { x[index] = Float(((index + first * 104) * 37) % 101) / 50 - 1 }
                for index in y.indices { y[index] = Float((index + first * 2) % 5) }
                executor.run(key: 9, firstSample: first, scale: Float(batch) / 8)
            }
            return Array(UnsafeBufferPointer(start: parallel.gradients.pointer, count: parameters.count))
        }
        let whole = try gradients(batch: 8, lanes: 1)
        #expect(try gradients(batch: 2, lanes: 2) == gradients(batch: 2, lanes: 2))
        for (a, b) in zip(whole, try gradients(batch: 2, lanes: 3)) { #expect(abs(a - b) < 1e-5) }
        #expect(whole.contains { abs($0) > 1e-3 })
    }
}
