/// Batch normalization of channels, [N, C] or [N, C, …]. Weight starts at 1, bias at 0. PyTorch's count of batches is
/// not kept.
public struct BatchNorm: Layer {
    let weight: Weight
    let bias: Weight
    /// State that training updates and inference uses, like `runningVariance`.
    let runningMean: Weight
    let runningVariance: Weight
    let epsilon: Float
    let momentum: Float
    let keepsStatistics: Bool

    /// The defaults are PyTorch's.
    /// - Parameters:
    ///   - epsilon: added to the variance.
    ///   - momentum: the share of each batch in the running statistics.
    ///   - keepsStatistics: whether training, too, normalizes by the running statistics and leaves them as they are.
    public init(_ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, keepsStatistics: Bool = false) {
        weight = Weight([channels], .ones)
        bias = Weight([channels], .zeros)
        runningMean = Weight([channels], .zeros, isTrained: false)
        runningVariance = Weight([channels], .ones, isTrained: false)
        self.epsilon = epsilon
        self.momentum = momentum
        self.keepsStatistics = keepsStatistics
    }

    /// `weight`, `bias`, `running_mean` and `running_var`.
    public var parameters: [(name: String, parameter: Weight)] {
        [("weight", weight), ("bias", bias), ("running_mean", runningMean), ("running_var", runningVariance)]
    }

    /// By the batch's statistics in training, unless it keeps its own, and by the running ones in inference; the shape
    /// stays.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.graph.apply(
            BatchNormOp(epsilon: epsilon, momentum: momentum, keepsStatistics: keepsStatistics), inputs(x))[0]
    }

    /// dropout(maxPool(relu(self(x)))) in one op, for x with channels in groups.
    func pooled(_ x: Tensor, _ pool: Extent, dropout: Float) -> Tensor {
        precondition(!keepsStatistics, Self.unfused)
        let op = NormPoolOp(epsilon: epsilon, momentum: momentum, pool: pool, dropout: dropout)
        return x.graph.apply(op, inputs(x))[0]
    }

    /// leakyReLU(self(x)) in one op; slope 0: the plain ReLU.
    func activated(_ x: Tensor, slope: Float) -> Tensor {
        precondition(!keepsStatistics, Self.unfused)
        return x.graph.apply(NormActivationOp(epsilon: epsilon, momentum: momentum, slope: slope), inputs(x))[0]
    }

    private static let unfused = "A batch norm that keeps its statistics is not fused with other ops."

    private func inputs(_ x: Tensor) -> [Tensor] { [x] + parameters.map { x.graph.parameter($0.parameter) } }
}
