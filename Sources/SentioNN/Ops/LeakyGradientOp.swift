import CNNKernels

/// The gradient of a leaky ReLU as an op of its own: g where the activation's value y is above 0, `slope` g elsewhere.
/// No gradient goes to y, since the second derivative is 0 almost everywhere.
struct LeakyGradientOp: Op {
    static let name = "leaky-gradient"
    private static let part = 1 << 16
    let slope: Float
    let backwardReads = BackwardReads(inputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0] == inputs[1],
            "leaky-gradient takes two tensors of the same shape, not \(inputs)."
        )
        return [inputs[0]]
    }

    func forward(_ step: OpStep) {
        through(step, step.inputs[1], GradientTarget(pointer: step.outputs[0], accumulates: false))
    }

    func backward(_ step: OpStep) {
        precondition(step.inputGradients[0] == nil, "The values of leaky-gradient must be detached.")
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[1] else { return }
        through(step, gradient, target)
    }

    private func through(_ step: OpStep, _ gradient: UnsafePointer<Float>, _ target: GradientTarget) {
        let count = step.outputShapes[0].count
        step.parts((count + Self.part - 1) / Self.part) { part in
            let offset = part * Self.part
            nn_leaky_relu_gradient(
                step.inputs[0] + offset, gradient + offset, Int64(min(Self.part, count - offset)), slope,
                target.accumulates ? 1 : 0,
                target.pointer + offset)
        }
    }
}

/// The gradient of a leaky ReLU: `g` times its derivative.
/// - Parameter y: the activation's values; no gradient goes to them.
func leakyGradient(_ y: Tensor, _ gradient: Tensor, slope: Float) -> Tensor {
    gradient.graph.apply(LeakyGradientOp(slope: slope), y.detached(), gradient)
}
