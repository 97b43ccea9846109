import SentioNN
import SentioNumerics
import Testing

@Suite struct AddSinusoidsTests {
    @Test func positionsAreThoseOfThePaper() {
        let graph = Graph(), y = graph.input("x", [2, 4, 6]).addingSinusoids()
        let executor = Executor(
            Program(graph: graph, outputs: [y]), parameters: ParameterSet(Linear(1, 1), seed: nil))
        executor.input("x").update(repeating: 0.5)
        executor.forward()
        let values = Array(executor.value(y))
        // numpy: 0.5 + numpy.sin(3 / 10000 ** (numpy.array([0, 2, 4]) / 6)), and cos
        let third: [Float] = [
            0.6411200080598672, -0.4899924966004454, 0.6387981010800505, 1.490320699135675, 0.5064632590701896,
            1.499979112922961,
        ]
        for (sample, column) in [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (1, 1), (1, 4)] {
            #expect(abs(values[sample * 24 + 18 + column] - third[column]) < 1e-6)
        }
        #expect(Array(values[..<6]) == [0.5, 1.5, 0.5, 1.5, 0.5, 1.5])
    }

    @Test func gradientsPass() {
        checkGradients([[2, 5, 3]]) { $0[0].addingSinusoids() }
        checkGradients([[2, 5, 4]]) { $0[0].addingSinusoids() + $0[0] }
    }
}
