import CNNKernels

/// Scales each row to mean 0 and variance 1, then multiplies by weight and adds bias (Ba et al. 2016). x [..., D],
/// weight and bias [D].
struct LayerNormOp: Op {
    static let name = "layer-norm"
    let epsilon: Float
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 3 && inputs[1] == [inputs[0].last] && inputs[2] == inputs[1],
            "layer-norm takes [..., D], [D] and [D], not \(inputs).")
        return [inputs[0]]
    }

    /// Mean and inverse deviation of each row.
    func savedCount(_ inputs: [Shape]) -> Int { 2 * inputs[0].rows }

    func forward(_ step: OpStep) {
        let (rows, columns) = (step.inputShapes[0].rows, step.inputShapes[0].last)
        nn_layer_norm(
            step.inputs[0], Int64(rows), Int64(columns), step.inputs[1], step.inputs[2], epsilon, step.saved,
            step.saved + rows,
            step.outputs[0])
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let (rows, columns) = (step.inputShapes[0].rows, step.inputShapes[0].last)
        for target in step.inputGradients.dropFirst().compactMap(\.self) where !target.accumulates {
            target.pointer.update(repeating: 0, count: columns)
        }
        nn_layer_norm_gradient(
            step.inputs[0], Int64(rows), Int64(columns), step.inputs[1], step.saved, step.saved + rows, gradient,
            step.inputGradients[0]?.accumulates == true ? 1 : 0, step.inputGradients[0]?.pointer,
            step.inputGradients[1]?.pointer,
            step.inputGradients[2]?.pointer)
    }
}
