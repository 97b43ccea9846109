/// Prepends one learned token to each sample: x [N, T, D] and token [1, 1, D] to [N, T + 1, D].
struct PrependTokenOp: Op {
    static let name = "prepend-token"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0].rank == 3 && inputs[1].count == inputs[0][2],
            "prepend-token takes [N, T, D] and [1, 1, D], not \(inputs).")
        return [[inputs[0][0], inputs[0][1] + 1, inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let width = step.inputShapes[0][2], length = step.inputShapes[0][1] * width
        for sample in 0..<step.inputShapes[0][0] {
            let out = step.outputs[0] + sample * (length + width)
            out.update(from: step.inputs[1], count: width)
            (out + width).update(from: step.inputs[0] + sample * length, count: length)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let width = step.inputShapes[0][2], length = step.inputShapes[0][1] * width
        for sample in 0..<step.inputShapes[0][0] {
            let from = gradient + sample * (length + width)
            if let target = step.inputGradients[0] {
                GradientTarget(pointer: target.pointer + sample * length, accumulates: target.accumulates).receive(
                    from + width, count: length)
            }
            if let target = step.inputGradients[1] {
                GradientTarget(pointer: target.pointer, accumulates: target.accumulates || sample > 0).receive(
                    from, count: width)
            }
        }
    }
}

extension Tensor {
    /// [N, T, D] with the same token [1, 1, D] before each sample's: [N, T + 1, D].
    public func prepending(_ token: Tensor) -> Tensor { graph.apply(PrependTokenOp(), self, token) }
}
