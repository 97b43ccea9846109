@testable import SentioNN
import SentioNumerics
import Testing

/// Value and gradients of every op against PyTorch's, odd shapes included.
@Suite struct TorchOpTests {
    @Test func linear() throws { try checkAgainstTorch("linear") { apply(LinearOp(hasBias: true), $0) } }
    @Test func layerNorm() throws { try checkAgainstTorch("layer-norm") { apply(LayerNormOp(epsilon: 1e-5), $0) } }
    @Test func gelu() throws { try checkAgainstTorch("gelu") { SentioNN.gelu($0[0]) } }
    @Test func attention() throws {
        try checkAgainstTorch("attention") { apply(AttentionOp(heads: 2, dropout: 0, isPacked: true), $0) }
    }
    @Test func attentionPooling() throws {
        try checkAgainstTorch("attention-pooling") { apply(AttentionPoolingOp(), $0) }
    }
    @Test func conv2d() throws { try checkAgainstTorch("conv2d") { apply(conv(1, 1), $0) } }
    @Test func conv2dStrided() throws {
        try checkAgainstTorch("conv2d-strided") {
            apply(Conv2dOp(hasBias: true, stride: Extent(2, 3), padding: Extent(1, 2)), $0)
        }
    }
    @Test(arguments: [8, 16]) func conv2dOfOneChannel(_ block: Int) throws {
        try checkAgainstTorch("conv2d-one-channel") { ungrouped(apply(conv(1, 1, block: block), $0)) }
        try checkAgainstTorch("conv2d-one-channel-strided") { ungrouped(apply(conv(2, 1, block: block), $0)) }
    }
    @Test(arguments: [8, 16]) func conv2dInGroups(_ block: Int) throws {
        try checkAgainstTorch("conv2d-grouped") {
            ungrouped(apply(conv(1, 1, block: block), [grouped($0[0], block)] + $0.dropFirst()))
        }
    }
    @Test func conv1d() throws {
        try checkAgainstTorch("conv1d") { apply(Conv2dOp(hasBias: true, stride: Extent(1), padding: Extent(0, 1)), $0) }
    }
    @Test func convTranspose2d() throws {
        try checkAgainstTorch("conv-transpose2d") {
            apply(ConvTranspose2dOp(hasBias: true, stride: Extent(2), padding: Extent(1)), $0)
        }
    }
    @Test func maxPool2d() throws {
        try checkAgainstTorch("max-pool2d") { $0[0].maxPooled(Extent(2, 4)) }
        try checkAgainstTorch("max-pool2d-strided") { $0[0].maxPooled(Extent(3), stride: Extent(2)) }
    }
    @Test func batchNorm() throws {
        for name in ["batch-norm", "batch-norm-rows"] {
            try checkAgainstTorch(name) { apply(BatchNormOp(epsilon: 1e-5, momentum: 0.1), withStatistics($0)) }
        }
    }
    @Test(arguments: [8, 16]) func normPool(_ block: Int) throws {
        let op = NormPoolOp(epsilon: 1e-5, momentum: 0.1, pool: Extent(2, 3), dropout: 0)
        try checkAgainstTorch("norm-pool") {
            ungrouped(apply(op, withStatistics([grouped($0[0], block)] + $0.dropFirst())))
        }
    }
    @Test func activations() throws {
        try checkAgainstTorch("relu") { SentioNN.relu($0[0]) }
        try checkAgainstTorch("leaky-relu") { SentioNN.leakyReLU($0[0], slope: 0.2) }
        try checkAgainstTorch("tanh") { SentioNN.tanh($0[0]) }
        try checkAgainstTorch("sigmoid") { SentioNN.sigmoid($0[0]) }
    }
    @Test func permute() throws { try checkAgainstTorch("permute") { $0[0].permuted(0, 3, 1, 2) } }
    @Test(arguments: RecurrentCell.allCases) func recurrent(_ cell: RecurrentCell) throws {
        try checkAgainstTorch(cell.rawValue) { apply(RecurrentOp(cell, directions: 1), $0) }
        try checkAgainstTorch("\(cell)-both-ways") { apply(RecurrentOp(cell, directions: 2), $0) }
        try checkAgainstTorch("\(cell)-one-step") { apply(RecurrentOp(cell, directions: 2), $0) }
    }

    private func apply(_ op: some Op, _ inputs: [Tensor]) -> Tensor { inputs[0].graph.apply(op, inputs)[0] }

    private func conv(_ stride: Int, _ padding: Int, block: Int = 1) -> Conv2dOp {
        Conv2dOp(hasBias: true, stride: Extent(stride), padding: Extent(padding), outputBlock: block)
    }

    /// Weight and bias stand in for running statistics, which training does not read.
    private func withStatistics(_ inputs: [Tensor]) -> [Tensor] { inputs + inputs.dropFirst() }

    private func grouped(_ x: Tensor, _ block: Int) -> Tensor {
        let s = x.shape
        return x.reshaped([s[0], s[1] / block, block, s[2], s[3]]).permuted(0, 1, 3, 4, 2)
    }

    private func ungrouped(_ x: Tensor) -> Tensor {
        let s = x.shape
        return x.permuted(0, 1, 4, 2, 3).reshaped([s[0], s[1] * s[4], s[2], s[3]])
    }
}
