import SentioNumerics

/// L2 penalties: `Weight.penalty` times the sum of a weight's squares, as part of the loss.
enum WeightPenalty {
    /// Adds the gradient, 2 · penalty · w, and returns the sum of all penalties.
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
