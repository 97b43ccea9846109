/// A range of tokens of each sample: x [N, T, D] to [N, count, D], from token `first` on.
struct SliceTokensOp: Op {
    static let name = "slice-tokens"
    let first: Int
    let count: Int
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank == 3 && first >= 0 && count > 0 && first + count <= inputs[0][1],
            "slice-tokens cannot take \(first)..<\(first + count) of \(inputs[0]).")
        return [[inputs[0][0], count, inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        for sample in 0..<step.inputShapes[0][0] {
            (step.outputs[0] + sample * count * width).update(
                from: step.inputs[0] + (sample * tokens + first) * width, count: count * width)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        if !target.accumulates { target.pointer.update(repeating: 0, count: step.inputShapes[0].count) }
        for sample in 0..<step.inputShapes[0][0] {
            GradientTarget(pointer: target.pointer + (sample * tokens + first) * width, accumulates: true)
                .receive(gradient + sample * count * width, count: count * width)
        }
    }
}

extension Tensor {
    /// The tokens in `range` of each sample, [N, T, D] to [N, range.count, D].
    public func tokens(_ range: Range<Int>) -> Tensor {
        graph.apply(SliceTokensOp(first: range.lowerBound, count: range.count), self)
    }
}
