/// A transposed convolution: [N, in, H, W] to [N, out, (H - 1) s - 2 p + kH, …]. Weight and bias start as in PyTorch,
/// uniform within 1 / sqrt(out · kH · kW).
public struct ConvTranspose2d: Layer {
    /// [in, out, kH, kW]
    let weight: Weight
    /// [out]
    let bias: Weight?
    let stride: Extent
    let padding: Extent

    /// The padding is taken away from the output, on both sides.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        bias hasBias: Bool = true
    ) {
        weight = Weight([inputs, outputs, kernel.height, kernel.width], .fanIn(outputs * kernel.height * kernel.width))
        bias = hasBias ? Weight([outputs], .fanIn(outputs * kernel.height * kernel.width)) : nil
        self.stride = stride
        self.padding = padding
    }

    /// `weight`, and `bias` if there is one.
    public var parameters: [(name: String, parameter: Weight)] {
        [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
    }

    /// [N, in, H, W], or with channels in groups [N, in / b, H, W, b], to [N, out, H', W'].
    public func callAsFunction(_ x: Tensor) -> Tensor { call(x, block: 1) }

    /// The same with outputs in groups of channels.
    func inGroups(_ x: Tensor) -> Tensor { call(x, block: Convolution.block) }

    private func call(_ x: Tensor, block: Int) -> Tensor {
        let op = ConvTranspose2dOp(hasBias: bias != nil, stride: stride, padding: padding, outputBlock: block)
        return x.graph.apply(op, [x, x.graph.parameter(weight)] + (bias.map { [x.graph.parameter($0)] } ?? []))[0]
    }
}
