import Foundation
@testable import SentioNN
import SentioNumerics
import Testing

/// Reads what `tools/make_nn_fixtures.py` wrote.
enum TorchFixture {
    static func load(_ name: String) throws -> [String: SafetensorsFile.Tensor] {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "safetensors", subdirectory: "Fixtures"))
        return try SafetensorsFile(bytes: Array(Data(contentsOf: url))).tensors
    }

    /// The largest difference, relative to the expected value where that is larger than 1.
    static func difference(_ values: some Sequence<Float>, _ expected: [Float]) -> Float {
        let values = Array(values)
        guard values.count == expected.count else { return .infinity }
        return zip(values, expected).reduce(0) { worst, pair in
            let error = abs(pair.0 - pair.1) / max(1, abs(pair.1))
            return error.isNaN ? .infinity : max(worst, error)
        }
    }
}

/// Compares an op's value and the gradients of all its inputs with PyTorch's, on one thread and on three.
func checkAgainstTorch(
    _ name: String, file: String = "ops", tolerance: Float = 2e-5, scale: Float = 1, precision: Precision = .float32,
    sourceLocation: SourceLocation = #_sourceLocation, _ build: ([Tensor]) throws -> Tensor
) throws {
    let tensors = try TorchFixture.load(file)
    let inputs = (0..<20).compactMap { tensors["\(name)/input\($0)"] }
    let seed = try #require(tensors["\(name)/seed"]), output = try #require(tensors["\(name)/output"])
    for threads in [1, 3] {
        let bench = try GradientBench(
            inputs.map { Shape($0.shape) }, seed: 1, scale: 1, weights: seed.values, threads: threads,
            precision: precision, build)
        for (entry, input) in zip(bench.parameters.entries, inputs) {
            _ = bench.parameters[entry].update(from: input.values)
        }
        bench.executor.run(key: 1)
        #expect(bench.output.shape.dims == output.shape, sourceLocation: sourceLocation)
        let found = TorchFixture.difference(bench.executor.value(bench.output), output.values)
        #expect(found < tolerance, "\(name): value off by \(found)", sourceLocation: sourceLocation)
        for (number, entry) in bench.parameters.entries.enumerated() {
            guard let expected = tensors["\(name)/gradient\(number)"] else { continue }
            let gradient = UnsafeBufferPointer(start: bench.gradients.pointer + entry.offset, count: entry.count)
            let found = TorchFixture.difference(gradient, expected.values)
            #expect(
                found < tolerance * 5, "\(name): gradient of input \(number) off by \(found)",
                sourceLocation: sourceLocation)
        }
    }
}

/// Compares a network's prediction, gradients, ten training steps and then its prediction in inference with PyTorch's.
func checkTrainingAgainstTorch(
    _ file: String, _ model: some Layer, input: Shape, trainedTolerance: Float = 1e-3,
    sourceLocation: SourceLocation = #_sourceLocation, _ call: (Tensor) -> Tensor
) throws {
    let tensors = try TorchFixture.load(file)
    let x = try #require(tensors["x"]), y = try #require(tensors["y"]), losses = try #require(tensors["losses"])
    let parameters = ParameterSet(model, seed: 1), gradients = AlignedFloats(count: parameters.count)
    #expect(tensors.keys.count { $0.hasPrefix("weight:") } == parameters.entries.count, sourceLocation: sourceLocation)
    for entry in parameters.entries {
        let tensor = try #require(tensors["weight:\(entry.name)"], "\(entry.name)", sourceLocation: sourceLocation)
        #expect(tensor.shape == entry.parameter.shape.dims, sourceLocation: sourceLocation)
        _ = parameters[entry].update(from: tensor.values)
    }
    let graph = Graph(), prediction = call(graph.input("x", input)),
        loss = meanSquaredError(prediction, graph.input("y", Shape(y.shape)))
    let executor = Executor(
        Program(graph: graph, loss: loss, outputs: [prediction], threads: 2), parameters: parameters,
        gradients: gradients)
    let optimizer = AdamW(decay: 0.05), state = AdamW.State(parameters)
    for step in 0..<10 {
        _ = executor.input("x").update(from: x.values)
        _ = executor.input("y").update(from: y.values)
        gradients.pointer.update(repeating: 0, count: gradients.count)
        executor.run()
        #expect(
            abs(executor.value(loss)[0] - losses.values[step]) < 1e-4, "loss of step \(step)",
            sourceLocation: sourceLocation)
        if step == 0 {
            #expect(
                TorchFixture.difference(executor.value(prediction), tensors["prediction"]?.values ?? []) < 1e-5,
                sourceLocation: sourceLocation)
            for entry in parameters.entries where entry.parameter.isTrained {
                let gradient = UnsafeBufferPointer(start: gradients.pointer + entry.offset, count: entry.count)
                let found = TorchFixture.difference(gradient, tensors["gradient:\(entry.name)"]?.values ?? [])
                #expect(found < 1e-5, "gradient of \(entry.name) off by \(found)", sourceLocation: sourceLocation)
            }
        }
        optimizer.update(parameters, gradients: gradients, state: state, rate: 1e-2)
    }
    for entry in parameters.entries {
        guard let expected = tensors["trained:\(entry.name)"] else { continue }
        let found = TorchFixture.difference(parameters[entry], expected.values)
        #expect(found < 2e-3, "\(entry.name) off by \(found)", sourceLocation: sourceLocation)
    }
    let inference = Graph(), trained = call(inference.input("x", input))
    let predictor = Executor(Program(graph: inference, outputs: [trained]), parameters: parameters)
    _ = predictor.input("x").update(from: x.values)
    predictor.forward()
    let found = TorchFixture.difference(predictor.value(trained), tensors["trained"]?.values ?? [])
    #expect(found < trainedTolerance, "the trained network is off by \(found)", sourceLocation: sourceLocation)
}
