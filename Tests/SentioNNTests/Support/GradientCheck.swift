import SentioNN
import SentioNumerics
import Testing

/// Compares an op's gradients with finite differences of its values, for every input and parameter at once.
///
/// The loss is a fixed random weighting of the output, so that every output element counts; inputs are parameters, so
/// that they get gradients.
func checkGradients(
    _ shapes: [Shape], seed: UInt64 = 7, epsilon: Float = 1e-2, tolerance: Float = 2e-2, scale: Float = 1,
    sourceLocation: SourceLocation = #_sourceLocation, _ build: ([Tensor]) -> Tensor
) {
    let bench = GradientBench(shapes, seed: seed, scale: scale, build)
    bench.executor.run(key: 1)
    let analytic = (0..<bench.parameters.count).map { bench.gradients.pointer[$0] }
    for entry in bench.parameters.entries {
        let values = bench.parameters[entry]
        // All elements of small tensors, a spread of large ones.
        for index in stride(from: 0, to: values.count, by: max(1, values.count / 40)) {
            let old = values[index]
            values[index] = old + epsilon
            let above = bench.loss()
            values[index] = old - epsilon
            let below = bench.loss()
            values[index] = old
            let numeric = Float((above - below) / Double(2 * epsilon)), found = analytic[entry.offset + index]
            #expect(
                abs(numeric - found) <= tolerance * max(1, abs(numeric), abs(found)),
                "\(entry.name)[\(index)]: \(found), by differences \(numeric)", sourceLocation: sourceLocation)
        }
    }
}

/// A graph over random inputs, with a loss.
final class GradientBench {
    let parameters: ParameterSet
    let gradients: AlignedFloats
    let executor: Executor
    let output: Tensor
    private let weights: [Float]

    /// - Parameter weights: of the output's elements in the loss; nil: drawn at random.
    init(
        _ shapes: [Shape], seed: UInt64, scale: Float, weights given: [Float]? = nil, threads: Int = 1,
        precision: Precision = .float32,
        _ build: ([Tensor]) throws -> Tensor
    ) rethrows {
        struct Inputs: Layer { let parameters: [(name: String, parameter: Weight)] }
        let list = shapes.enumerated().map { ("x\($0)", Weight($1, .normal(deviation: scale))) }
        parameters = ParameterSet(Inputs(parameters: list.map { (name: $0.0, parameter: $0.1) }), seed: seed)
        gradients = AlignedFloats(count: parameters.count)
        let graph = Graph()
        output = try build(list.map { graph.parameter($0.1) })
        var random = Philox(key: seed, stream: 99)
        weights = given ?? (0..<output.shape.count).map { _ in Float(random.nextNormal()) }
        let loss = graph.apply(WeightedSumOp(weights: weights), output)
        executor = Executor(
            Program(graph: graph, loss: loss, outputs: [output], threads: threads, precision: precision),
            parameters: parameters,
            gradients: gradients)
    }

    /// In double precision, from the output's float32 values.
    func loss() -> Double {
        executor.run(key: 1)
        return zip(weights, executor.value(output)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}

/// The weighted sum of all elements.
struct WeightedSumOp: Op {
    static let name = "weighted-sum"
    let weights: [Float]
    let backwardReads = BackwardReads()
    func outputShapes(_ inputs: [Shape]) -> [Shape] { [[1]] }
    func forward(_ step: OpStep) {
        step.outputs[0][0] = weights.indices.reduce(0) { $0 + weights[$1] * step.inputs[0][$1] }
    }
    func backward(_ step: OpStep) {
        guard let target = step.inputGradients[0], let gradient = step.outputGradients[0] else { return }
        for index in weights.indices {
            let value = gradient[0] * weights[index]
            if target.accumulates { target.pointer[index] += value } else { target.pointer[index] = value }
        }
    }
}
