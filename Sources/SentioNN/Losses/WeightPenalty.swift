import SentioNumerics

/// The parts of the loss that weights bring themselves: `Weight.penalty` times the sum of squares.
enum WeightPenalty {
    /// Adds the gradient, 2 penalty w, and returns the penalty.
    static func add(_ parameters: ParameterSet, to gradients: AlignedFloats) -> Double {
        var sum = 0.0
        for entry in parameters.entries where entry.parameter.penalty > 0 {
            let penalty = entry.parameter.penalty, values = parameters[entry], slopes = gradients.pointer + entry.offset
            for index in values.indices {
                sum += penalty * Double(values[index]) * Double(values[index])
                slopes[index] += Float(2 * penalty) * values[index]
            }
        }
        return sum
    }
}
