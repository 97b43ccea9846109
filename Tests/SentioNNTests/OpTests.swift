@testable import SentioNN
import Testing

/// One line per op: gradients of every input against finite differences, odd shapes included.
@Suite struct OpTests {
    @Test func add() { checkGradients([[3, 5], [3, 5]]) { $0[0] + $0[1] } }
    @Test func addPerSample() { checkGradients([[3, 2, 5], [1, 2, 5]]) { $0[0].adding(perSample: $0[1]) } }
    @Test func attention() {
        checkGradients([[2, 7, 24]]) { apply(AttentionOp(heads: 2, dropout: 0, isPacked: true), $0) }
    }
    @Test func attentionBlocks() {
        checkGradients([[1, 131, 6]]) { apply(AttentionOp(heads: 1, dropout: 0, isPacked: true), $0) }
    }
    @Test func attentionDropout() {
        checkGradients([[2, 19, 24]]) { apply(AttentionOp(heads: 2, dropout: 0.3, isPacked: true), $0) }
    }
    @Test func attentionOfSomeTokens() {
        checkGradients([[2, 1, 8], [2, 7, 16]]) { apply(AttentionOp(heads: 2, dropout: 0, isPacked: false), $0) }
    }
    @Test func concatenate() {
        checkGradients([[2, 3, 5], [2, 1, 5], [2, 4, 5]]) { concatenated($0, axis: 1) }
        checkGradients([[2, 3, 1], [2, 3, 2]]) { concatenated($0, axis: 2) }
    }
    @Test func dropout() { checkGradients([[3, 17]]) { $0[0].dropout(0.4) } }
    @Test func gelu() { checkGradients([[4, 19]], scale: 2) { SentioNN.gelu($0[0]) } }
    @Test func layerNorm() { checkGradients([[4, 21], [21], [21]]) { apply(LayerNormOp(epsilon: 1e-5), $0) } }
    @Test func linear() { checkGradients([[2, 4, 5], [3, 5], [3]]) { apply(LinearOp(hasBias: true), $0) } }
    @Test func linearWithoutBias() { checkGradients([[7, 5], [3, 5]]) { apply(LinearOp(hasBias: false), $0) } }
    @Test func linearRows() {
        checkGradients([[7, 5], [6, 5], [6]]) { apply(LinearOp(hasBias: true, rows: 1..<4), $0) }
    }
    @Test func meanOverTokens() { checkGradients([[2, 5, 3]]) { $0[0].meanOverTokens() } }
    @Test func meanSquaredError() { checkGradients([[3, 2], [3, 2]]) { SentioNN.meanSquaredError($0[0], $0[1]) } }
    @Test func patches() { checkGradients([[2, 7, 9]]) { $0[0].patches(3, stride: 2) } }
    @Test func patchout() {
        checkGradients([[3, 13, 2]]) { apply(PatchoutOp(first: 1, grid: (3, 4), dropped: (1, 2)), $0) }
    }
    @Test func prependToken() { checkGradients([[2, 3, 5], [1, 1, 5]]) { $0[0].prepending($0[1]) } }
    @Test func sliceTokens() { checkGradients([[2, 5, 3]]) { $0[0].tokens(1..<3) } }
    @Test func attentionPooling() { checkGradients([[3, 5, 4], [4]]) { apply(AttentionPoolingOp(), $0) } }
    @Test func batchNorm() {
        checkGradients([[3, 5, 2, 3], [5], [5], [5], [5]]) { apply(BatchNormOp(epsilon: 1e-5, momentum: 0.1), $0) }
    }
    @Test func batchNormInGroups() {
        checkGradients([[3, 1, 2, 3, 8], [8], [8], [8], [8]]) { apply(BatchNormOp(epsilon: 1e-5, momentum: 0.1), $0) }
    }
    @Test func conv2d() { checkGradients([[2, 3, 5, 7], [4, 3, 3, 3], [4]]) { apply(conv(1, 1), $0) } }
    @Test func conv2dStrided() {
        checkGradients([[2, 3, 6, 8], [4, 3, 4, 5]]) {
            apply(Conv2dOp(hasBias: false, stride: Extent(2, 3), padding: Extent(1, 2)), $0)
        }
    }
    @Test func conv2dOfOneChannel() {
        checkGradients([[2, 1, 5, 7], [16, 1, 3, 3], [16]]) { apply(conv(1, 1, block: 16), $0) }
    }
    @Test func conv2dInGroups() {
        checkGradients([[2, 2, 5, 7, 8], [16, 16, 3, 3], [16]]) { apply(conv(1, 1, block: 8), $0) }
    }
    @Test func convTranspose2d() {
        checkGradients([[2, 3, 3, 4], [3, 2, 4, 4], [2]]) {
            apply(ConvTranspose2dOp(hasBias: true, stride: Extent(2), padding: Extent(1)), $0)
        }
    }
    @Test func leakyReLU() { checkGradients([[4, 19]], epsilon: 1e-3) { SentioNN.leakyReLU($0[0], slope: 0.2) } }
    @Test func maxPool2d() {
        checkGradients([[2, 3, 7, 9]], epsilon: 1e-3) { $0[0].maxPooled(Extent(3, 2), stride: Extent(2)) }
    }
    @Test func normPool() {
        checkGradients([[2, 1, 5, 7, 8], [8], [8], [8], [8]], epsilon: 2e-3) { apply(normPool(dropout: 0), $0) }
    }
    @Test func normPoolDropout() {
        checkGradients([[2, 1, 5, 7, 8], [8], [8], [8], [8]], epsilon: 2e-3) { apply(normPool(dropout: 0.4), $0) }
    }
    @Test func permute() { checkGradients([[2, 3, 5, 4]]) { $0[0].permuted(2, 0, 3, 1) } }
    @Test func recurrentLSTM() {
        checkGradients([[2, 5, 3], [16, 3], [16, 4], [16], [16]]) { apply(RecurrentOp(.lstm, directions: 1), $0) }
    }
    @Test func recurrentGRUBothWays() {
        checkGradients([[2, 4, 3], [6, 3], [6, 2], [6], [6], [6, 3], [6, 2], [6], [6]]) {
            apply(RecurrentOp(.gru, directions: 2), $0)
        }
    }
    @Test(arguments: RecurrentCell.allCases) func recurrentStateDropout(_ cell: RecurrentCell) {
        let gates = cell.gates * 2, direction: [Shape] = [[gates, 3], [gates, 2], [gates], [gates]]
        checkGradients([[3, 5, 3]] + direction + direction) {
            apply(RecurrentOp(cell, directions: 2, dropout: 0.4), $0)
        }
    }
    @Test func relu() { checkGradients([[4, 19]], epsilon: 1e-3) { SentioNN.relu($0[0]) } }
    @Test func sigmoid() { checkGradients([[4, 19]]) { SentioNN.sigmoid($0[0]) } }
    @Test func tanh() { checkGradients([[4, 19]]) { SentioNN.tanh($0[0]) } }
    @Test func convolutionsOfOneTensorAddTheirGradients() {
        checkGradients([[2, 3, 5, 7], [4, 3, 3, 3]]) {
            apply(conv(1, 1, bias: false), $0) + apply(conv(1, 1, bias: false), $0)
        }
    }
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

    private func conv(_ stride: Int, _ padding: Int, bias: Bool = true, block: Int = 1) -> Conv2dOp {
        Conv2dOp(hasBias: bias, stride: Extent(stride), padding: Extent(padding), outputBlock: block)
    }

    private func normPool(dropout: Float) -> NormPoolOp {
        NormPoolOp(epsilon: 1e-5, momentum: 0.1, pool: Extent(2, 3), dropout: dropout)
    }

    private func apply(_ op: some Op, _ inputs: [Tensor]) -> Tensor { inputs[0].graph.apply(op, inputs)[0] }
}
