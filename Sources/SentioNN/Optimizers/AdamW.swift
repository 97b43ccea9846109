import CNNKernels
public import SentioNumerics

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019). A decay of 0 makes it plain Adam (Kingma and Ba
/// 2015).
public struct AdamW: Sendable, Hashable {
    /// Decay of the first moment.
    public var beta1: Float
    /// Decay of the second moment.
    public var beta2: Float
    /// Added to the root of the second moment.
    public var epsilon: Float
    /// Weight decay: each step multiplies weights by 1 - rate · decay.
    public var decay: Float

    /// The defaults are PyTorch's.
    public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0.01) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
    }

    /// What an optimizer remembers of a training: laid out like the parameters.
    public final class State {
        /// The first moment of each gradient.
        public let first: AlignedFloats
        /// The second moment of each gradient.
        public let second: AlignedFloats
        /// Steps taken.
        public var steps = 0

        /// The state before the first step.
        public init(_ parameters: ParameterSet) {
            first = AlignedFloats(count: parameters.count)
            second = AlignedFloats(count: parameters.count)
        }
    }

    /// Takes one step in place. Weight decay applies only to parameters with `Weight.decays`.
    /// - Parameters:
    ///   - scale: each gradient is multiplied by this first, for clipping.
    ///   - rateFactors: multiply the rate of each entry of the parameters; empty: 1.
    public func update(
        _ parameters: ParameterSet, gradients: AlignedFloats, state: State, rate: Float, scale: Float = 1,
        rateFactors: [Float] = []
    ) {
        state.steps += 1
        let corrections = (1 - Float(pow(Double(beta1), state.steps)), 1 - Float(pow(Double(beta2), state.steps)))
        for (index, entry) in parameters.entries.enumerated() where entry.parameter.isTrained {
            let rate = rateFactors.isEmpty ? rate : rate * rateFactors[index]
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
