import CNNKernels

/// x Φ(x) of each element (Hendrycks and Gimpel 2016), in the exact form.
struct GELUOp: Op {
    static let name = "gelu"
    let backwardReads = BackwardReads(inputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] { [inputs[0]] }

    func forward(_ step: OpStep) { nn_gelu(step.inputs[0], Int64(step.outputShapes[0].count), step.outputs[0]) }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        nn_gelu_gradient(
            step.inputs[0], gradient, Int64(step.outputShapes[0].count), target.accumulates ? 1 : 0, target.pointer)
    }
}

/// x Φ(x) of each element, in the exact form; Φ is the normal distribution's cumulative distribution function.
public func gelu(_ x: Tensor) -> Tensor { x.graph.apply(GELUOp(), x) }
