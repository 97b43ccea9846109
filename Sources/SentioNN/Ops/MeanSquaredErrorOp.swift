/// The mean of squared differences over all elements; prediction and target have the same shape, output [1].
struct MeanSquaredErrorOp: Op {
    static let name = "mean-squared-error"
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0] == inputs[1],
            "mean-squared-error takes two tensors of the same shape, not \(inputs).")
        return [[1]]
    }

    func forward(_ step: OpStep) {
        let count = step.inputShapes[0].count
        var sum = 0.0
        for index in 0..<count {
            let difference = Double(step.inputs[0][index]) - Double(step.inputs[1][index])
            sum += difference * difference
        }
        step.outputs[0][0] = Float(sum / Double(max(1, count)))
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let count = step.inputShapes[0].count, factor = 2 * gradient[0] / Float(max(1, count))
        for (position, sign) in [(0, Float(1)), (1, -1)] {
            guard let target = step.inputGradients[position] else { continue }
            for index in 0..<count {
                let value = sign * factor * (step.inputs[0][index] - step.inputs[1][index])
                target.pointer[index] = target.accumulates ? target.pointer[index] + value : value
            }
        }
    }
}

/// The mean of squared differences over all elements of two tensors of the same shape, [1]: a loss within the graph.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    prediction.graph.apply(MeanSquaredErrorOp(), prediction, target)
}
