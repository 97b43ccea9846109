import CNNKernels

/// x + p with the same p for every sample, as for positional embeddings: x [N, …], p [1, …] or […].
struct AddPerSampleOp: Op {
    static let name = "add-per-sample"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[1].count > 0 && inputs[0].count == inputs[0][0] * inputs[1].count,
            "add-per-sample takes [N, …] and […], not \(inputs).")
        return [inputs[0]]
    }

    func forward(_ step: OpStep) {
        let count = step.inputShapes[1].count
        for sample in 0..<step.inputShapes[0][0] {
            nn_add(step.inputs[0] + sample * count, step.inputs[1], Int64(count), step.outputs[0] + sample * count)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        step.inputGradients[0]?.receive(gradient, count: step.inputShapes[0].count)
        guard let target = step.inputGradients[1] else { return }
        let count = step.inputShapes[1].count
        for sample in 0..<step.inputShapes[0][0] {
            GradientTarget(pointer: target.pointer, accumulates: target.accumulates || sample > 0)
                .receive(gradient + sample * count, count: count)
        }
    }
}

extension Tensor {
    /// This [N, …] plus the same […] for every sample.
    public func adding(perSample other: Tensor) -> Tensor { graph.apply(AddPerSampleOp(), self, other) }
}
