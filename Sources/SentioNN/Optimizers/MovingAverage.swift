public import SentioNumerics

/// An exponential moving average of a model's parameters (Polyak and Juditsky 1992, as in timm's `ModelEma`).
public final class MovingAverage {
    /// The averages, laid out like the parameters.
    public let values: AlignedFloats
    /// The share that stays at each update, once the average has warmed up.
    public let decay: Float
    /// Updates so far.
    var steps = 0

    /// Starts from the parameters' values.
    /// - Precondition: 0 <= decay < 1.
    public init(_ parameters: ParameterSet, decay: Float) {
        precondition(
            decay >= 0 && decay < 1, "The decay of a moving average must be at least 0 and below 1, not \(decay).")
        values = AlignedFloats(count: parameters.count)
        values.pointer.update(from: parameters.values.pointer, count: parameters.count)
        self.decay = decay
    }

    /// Adds the parameters of one more step. Early on the decay is (1 + n) / (10 + n), as in TensorFlow, so that the
    /// start is soon forgotten.
    public func update(_ parameters: ParameterSet) {
        let decay = min(self.decay, Float(1 + steps) / Float(10 + steps))
        steps += 1
        for index in 0..<values.count {
            values.pointer[index] += (1 - decay) * (parameters.values.pointer[index] - values.pointer[index])
        }
    }
}
