@testable import SentioNN
import Testing

/// One line an op: gradients of every input against finite differences, odd shapes included.
@Suite struct OpTests {
    @Test func add() { checkGradients([[3, 5], [3, 5]]) { $0[0] + $0[1] } }
    @Test func addPerSample() { checkGradients([[3, 2, 5], [1, 2, 5]]) { $0[0].adding(perSample: $0[1]) } }
    @Test func attention() { checkGradients([[2, 7, 24]]) { apply(AttentionOp(heads: 2, dropout: 0, isPacked: true), $0) } }
    @Test func attentionBlocks() { checkGradients([[1, 131, 6]]) { apply(AttentionOp(heads: 1, dropout: 0, isPacked: true), $0) } }
    @Test func attentionDropout() { checkGradients([[2, 19, 24]]) { apply(AttentionOp(heads: 2, dropout: 0.3, isPacked: true), $0) } }
    @Test func attentionOfSomeTokens() {
        checkGradients([[2, 1, 8], [2, 7, 16]]) { apply(AttentionOp(heads: 2, dropout: 0, isPacked: false), $0) }
    }
    @Test func dropout() { checkGradients([[3, 17]]) { $0[0].dropout(0.4) } }
    @Test func gelu() { checkGradients([[4, 19]], scale: 2) { SentioNN.gelu($0[0]) } }
    @Test func layerNorm() { checkGradients([[4, 21], [21], [21]]) { apply(LayerNormOp(epsilon: 1e-5), $0) } }
    @Test func linear() { checkGradients([[2, 4, 5], [3, 5], [3]]) { apply(LinearOp(hasBias: true), $0) } }
    @Test func linearWithoutBias() { checkGradients([[7, 5], [3, 5]]) { apply(LinearOp(hasBias: false), $0) } }
    @Test func linearRows() { checkGradients([[7, 5], [6, 5], [6]]) { apply(LinearOp(hasBias: true, rows: 1..<4), $0) } }
    @Test func meanOverTokens() { checkGradients([[2, 5, 3]]) { $0[0].meanOverTokens() } }
    @Test func meanSquaredError() { checkGradients([[3, 2], [3, 2]]) { SentioNN.meanSquaredError($0[0], $0[1]) } }
    @Test func patches() { checkGradients([[2, 7, 9]]) { $0[0].patches(3, stride: 2) } }
    @Test func prependToken() { checkGradients([[2, 3, 5], [1, 1, 5]]) { $0[0].prepending($0[1]) } }
    @Test func sliceTokens() { checkGradients([[2, 5, 3]]) { $0[0].tokens(1..<3) } }
    @Test func aTensorThatIsUsedThreeTimes() {
        checkGradients([[3, 4]]) { ($0[0] + $0[0]).reshaped([4, 3]) + $0[0].reshaped([4, 3]) }
    }

    @Test func droppedElementsAreAsManyAsAskedForAndTheRestScaled() {
        let bench = GradientBench([[4, 5000]], seed: 3, scale: 1) { $0[0].dropout(0.25) }
        bench.executor.run(key: 5)
        let input = bench.parameters[bench.parameters.entries[0]]
        let pairs = zip(input, bench.executor.value(bench.output))
        #expect(abs(Double(pairs.count { $1 == 0 }) / 20_000 - 0.25) < 0.01)
        #expect(pairs.allSatisfy { $1 == 0 || abs($1 - $0 / 0.75) < 1e-5 })
    }

    private func apply(_ op: some Op, _ inputs: [Tensor]) -> Tensor { inputs[0].graph.apply(op, inputs)[0] }
}
