/// A convolutional recurrent network as a regressor (Choi et al. 2017): blocks of convolutions shorten frequency and
/// time, recurrent layers read what is left as a sequence, and pooling over time makes it one vector.
public struct CRNN: Layer {
    /// The sizes that it was made with.
    public let configuration: Configuration
    /// By block.
    let convolutions: [[Conv2d]]
    let norms: [BatchNorm]
    let recurrent: Recurrent
    let attention: AttentionPooling?
    let head: [Linear]

    /// - Precondition: `configuration.problem` is nil.
    public init(_ configuration: Configuration) {
        let c = configuration
        precondition(c.problem == nil, c.problem ?? "")
        self.configuration = c
        var channels = c.form == .spectrogram ? 1 : c.height
        var convolutions: [[Conv2d]] = []
        for block in c.blocks {
            func convolution(_ inputs: Int) -> Conv2d {
                c.form == .spectrogram
                    ? Conv2d(inputs, block.channels, kernel: Extent(3), padding: Extent(1))
                    : Conv2d(inputs, block.channels, kernel: Extent(1, 3), padding: Extent(0, 1))
            }
            convolutions.append([convolution(channels)] + (c.form == .spectrogram ? [] : [convolution(block.channels)]))
            channels = block.channels
        }
        self.convolutions = convolutions
        norms = c.blocks.map { BatchNorm($0.channels) }
        recurrent = Recurrent(
            c.cell, c.sequence.width, widths: c.widths, isBidirectional: c.isBidirectional, dropout: c.recurrentDropout,
            stateDropout: c.stateDropout)
        let width = (c.widths.last ?? 0) * (c.isBidirectional ? 2 : 1)
        attention = c.pooling == .attention ? AttentionPooling(width) : nil
        let sizes = [width] + c.head.map(\.width) + [c.outputs]
        head = zip(sizes, sizes.dropFirst()).enumerated().map {
            Linear($1.0, $1.1, penalty: $0 < c.head.count ? c.headPenalty : 0)
        }
    }

    /// Names as those of a PyTorch module with `conv` and `head`, each a `Sequential`, `rnn` and `pooling`.
    public var parameters: [(name: String, parameter: Weight)] {
        var list: [(name: String, parameter: Weight)] = []
        for (number, block) in convolutions.enumerated() {
            // Positions in a `Sequential` of (conv, norm, ReLU, pool, dropout), or of (conv, ReLU, norm, conv, ReLU,
            // pool, dropout).
            let isSingle = block.count == 1, first = number * (isSingle ? 5 : 7)
            list +=
                block[0].parameters(under: "conv.\(first)")
                + norms[number].parameters(under: "conv.\(first + (isSingle ? 1 : 2))")
            if !isSingle { list += block[1].parameters(under: "conv.\(first + 3)") }
        }
        list += recurrent.parameters(under: "rnn") + (attention?.parameters(under: "pooling") ?? [])
        var place = 0
        for (number, layer) in head.enumerated() {
            list += layer.parameters(under: "head.\(place)")
            if number < configuration.head.count { place += configuration.head[number].dropout > 0 ? 3 : 2 }
        }
        return list
    }

    /// Spectrograms [N, mels, frames], or feature frames [N, frames, features], to predictions [N, outputs].
    public func callAsFunction(_ input: Tensor) -> Tensor {
        let c = configuration, samples = input.shape[0]
        var y = recurrent(c.form == .spectrogram ? spectrogramBlocks(input) : featureBlocks(input))
        switch c.pooling {
        case .mean: y = y.meanOverTokens()
        case .attention: y = attention?(y) ?? y
        case .last: y = y.tokens(y.shape[1] - 1..<y.shape[1]).reshaped([samples, y.shape[2]])
        }
        for (number, layer) in head.enumerated() {
            y = layer(y)
            if number < c.head.count { y = relu(y).dropout(c.head[number].dropout) }
        }
        return y
    }

    /// [N, mels, frames] to a sequence [N, T, channels · rows].
    private func spectrogramBlocks(_ input: Tensor) -> Tensor {
        var x = input.reshaped([input.shape[0], 1, input.shape[1], input.shape[2]])
        for (number, block) in configuration.blocks.enumerated() {
            let convolution = convolutions[number][0], norm = norms[number]
            if convolution.isFastInGroups(after: x), block.pool.count < NormPoolOp.windowLimit {
                x = norm.pooled(convolution.inGroups(x), block.pool, dropout: block.dropout)
            } else {
                x = relu(norm(convolution(ungrouped(x)))).maxPooled(block.pool).dropout(block.dropout)
            }
        }
        let isGrouped = x.shape.rank == 5, width = configuration.sequence.width
        x = isGrouped ? x.permuted(0, 3, 1, 4, 2) : x.permuted(0, 3, 1, 2)
        return x.reshaped([x.shape[0], x.shape[1], width])
    }

    private func ungrouped(_ x: Tensor) -> Tensor {
        guard x.shape.rank == 5 else { return x }
        let s = x.shape
        return x.permuted(0, 1, 4, 2, 3).reshaped([s[0], s[1] * s[4], s[2], s[3]])
    }

    /// [N, frames, features] to a sequence [N, T, channels].
    private func featureBlocks(_ input: Tensor) -> Tensor {
        var x = input.permuted(0, 2, 1)
        x = x.reshaped([x.shape[0], x.shape[1], 1, x.shape[2]])
        for (number, block) in configuration.blocks.enumerated() {
            x = norms[number](relu(convolutions[number][0](x)))
            x = relu(convolutions[number][1](x)).maxPooled(block.pool).dropout(block.dropout)
        }
        x = x.reshaped([x.shape[0], x.shape[1], x.shape[3]])
        return x.permuted(0, 2, 1)
    }
}
