/// A two-dimensional convolution: [N, in, H, W] to [N, out, H', W']. Weight and bias start as in PyTorch, uniform
/// within 1 / sqrt(in · kH · kW). One-dimensional signals have H = 1.
public struct Conv2d: Layer {
    /// [out, in, kH, kW]
    let weight: Weight
    /// [out]
    let bias: Weight?
    let stride: Extent
    let padding: Extent

    /// Padding is with zeros, the same on both sides.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        bias hasBias: Bool = true
    ) {
        weight = Weight([outputs, inputs, kernel.height, kernel.width], .fanIn(inputs * kernel.height * kernel.width))
        bias = hasBias ? Weight([outputs], .fanIn(inputs * kernel.height * kernel.width)) : nil
        self.stride = stride
        self.padding = padding
    }

    /// `weight`, and `bias` if there is one.
    public var parameters: [(name: String, parameter: Weight)] {
        [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
    }

    /// [N, in, H, W], or with channels in groups [N, in / b, H, W, b], to [N, out, H', W'].
    public func callAsFunction(_ x: Tensor) -> Tensor { call(x, block: 1) }

    /// What a maximum over the width needs after an activation and a norm by running statistics. In a graph for
    /// inference, the highest and the lowest output of each row, [N, out, H', 2]; otherwise all outputs.
    /// - Precondition: one input channel, stride 1, and no padding in the width.
    func beforeMaximum(_ x: Tensor) -> Tensor {
        precondition(
            weight.shape[1] == 1 && stride.count == 1 && padding.width == 0,
            "Extremes are those of one channel, with stride 1 and without padding in the width.")
        guard x.graph.isForInference else { return self(x) }
        let op = ConvolutionExtremesOp(hasBias: bias != nil, padding: padding.height)
        return x.graph.apply(op, [x, x.graph.parameter(weight)] + (bias.map { [x.graph.parameter($0)] } ?? []))[0]
    }

    /// Whether this processor has a fast convolution whose outputs are in groups of channels.
    func isFastInGroups(after x: Tensor) -> Bool {
        weight.shape[0] % Convolution.block == 0 && (x.shape.rank == 5 || weight.shape[1] <= 3)
    }

    /// The same with outputs in groups of channels: [N, out / b, H', W', b].
    func inGroups(_ x: Tensor) -> Tensor { call(x, block: Convolution.block) }

    private func call(_ x: Tensor, block: Int) -> Tensor {
        let op = Conv2dOp(hasBias: bias != nil, stride: stride, padding: padding, outputBlock: block)
        return x.graph.apply(op, [x, x.graph.parameter(weight)] + (bias.map { [x.graph.parameter($0)] } ?? []))[0]
    }
}
