import CNNKernels

/// The sum of two tensors of the same shape.
struct AddOp: Op {
    static let name = "add"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0] == inputs[1], "add takes two tensors of the same shape, not \(inputs).")
        return [inputs[0]]
    }

    func forward(_ step: OpStep) {
        nn_add(step.inputs[0], step.inputs[1], Int64(step.outputShapes[0].count), step.outputs[0])
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        for target in step.inputGradients.compactMap(\.self) {
            target.receive(gradient, count: step.outputShapes[0].count)
        }
    }
}

extension GradientTarget {
    /// Passes a gradient on unchanged.
    func receive(_ gradient: UnsafePointer<Float>, count: Int) {
        if accumulates {
            nn_accumulate(gradient, Int64(count), pointer)
        } else {
            pointer.update(from: gradient, count: count)
        }
    }
}

/// The sum of two tensors of the same shape.
public func + (a: Tensor, b: Tensor) -> Tensor { a.graph.apply(AddOp(), a, b) }
