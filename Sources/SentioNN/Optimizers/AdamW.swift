import CNNKernels
public import SentioNumerics

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019). PyTorch's defaults but for the decay, which is the
/// caller's to choose; decay 0 is plain Adam (Kingma and Ba 2015).
public struct AdamW: Sendable, Hashable {
    public var beta1: Float
    public var beta2: Float
    public var epsilon: Float
    public var decay: Float

    public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0.01) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
    }

    /// First and second moments of each parameter, and how many steps were taken.
    public final class State {
        public let first: AlignedFloats
        public let second: AlignedFloats
        public var steps = 0

        public init(_ parameters: ParameterSet) {
            first = AlignedFloats(count: parameters.count)
            second = AlignedFloats(count: parameters.count)
        }
    }

    /// One step in place; weight decay only where the parameter says so.
    /// - Parameter scale: each gradient is multiplied by it first (clipping).
    public func update(
        _ parameters: ParameterSet, gradients: AlignedFloats, state: State, rate: Float, scale: Float = 1
    ) {
        state.steps += 1
        let corrections = (1 - Float(pow(Double(beta1), state.steps)), 1 - Float(pow(Double(beta2), state.steps)))
        for entry in parameters.entries where entry.parameter.isTrained {
            nn_adamw(
                parameters.values.pointer + entry.offset, gradients.pointer + entry.offset,
                state.first.pointer + entry.offset,
                state.second.pointer + entry.offset, Int64(entry.count), rate, beta1, beta2, epsilon,
                entry.parameter.decays ? decay : 0, corrections.0, corrections.1, scale)
        }
    }

    private func pow(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
