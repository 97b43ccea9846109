/// Joins tensors along an axis: [.., a, ..] and [.., b, ..] to [.., a + b, ..]; the other axes agree.
struct ConcatenateOp: Op {
    static let name = "concatenate"
    let axis: Int
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let rank = inputs.first?.rank ?? 0
        precondition(
            axis >= 0 && axis < rank
                && inputs.allSatisfy { shape in
                    shape.rank == rank && (0..<rank).allSatisfy { $0 == axis || shape[$0] == inputs[0][$0] }
                }, "concatenate takes tensors that differ only along axis \(axis), not \(inputs).")
        var dims = inputs[0].dims
        dims[axis] = inputs.reduce(0) { $0 + $1[axis] }
        return [Shape(dims)]
    }

    /// Calls the body for each contiguous run of numbers with the index of its input and where it starts in the input
    /// and in the output.
    private func each(_ step: OpStep, _ body: (_ input: Int, _ from: Int, _ to: Int, _ count: Int) -> Void) {
        let shape = step.outputShapes[0].dims
        let outer = shape[..<axis].reduce(1, *), inner = shape[(axis + 1)...].reduce(1, *)
        for row in 0..<outer {
            var to = row * shape[axis] * inner
            for (input, shape) in step.inputShapes.enumerated() {
                let count = shape[axis] * inner
                body(input, row * count, to, count)
                to += count
            }
        }
    }

    func forward(_ step: OpStep) {
        each(step) { input, from, to, count in
            (step.outputs[0] + to).update(from: step.inputs[input] + from, count: count)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        each(step) { input, from, to, count in
            guard let target = step.inputGradients[input] else { return }
            GradientTarget(pointer: target.pointer + from, accumulates: target.accumulates).receive(
                gradient + to, count: count)
        }
    }
}

/// Joins tensors along an axis.
/// - Precondition: there is at least one, and all other axes agree.
public func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    precondition(!tensors.isEmpty, "There must be at least one tensor to concatenate.")
    return tensors[0].graph.apply(ConcatenateOp(axis: axis), tensors)[0]
}
