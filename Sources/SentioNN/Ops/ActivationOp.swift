import CNNKernels

/// A function applied to each element, whose derivative follows from its value.
struct ActivationOp: Op {
    enum Function: Sendable {
        /// x above 0, `slope` x below (Maas et al. 2013); slope 0 is the plain ReLU.
        case leakyReLU(slope: Float)
        case tanh
        case sigmoid
    }

    static let name = "activation"
    /// How many elements one thread takes at a time.
    private static let part = 1 << 16
    let function: Function
    let backwardReads = BackwardReads(outputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] { [inputs[0]] }

    private func each(_ step: OpStep, _ body: (_ offset: Int, _ count: Int64) -> Void) {
        let count = step.outputShapes[0].count
        step.parts((count + Self.part - 1) / Self.part) {
            body($0 * Self.part, Int64(min(Self.part, count - $0 * Self.part)))
        }
    }

    func forward(_ step: OpStep) {
        let (x, y) = (step.inputs[0], step.outputs[0])
        each(step) { offset, count in
            switch function {
            case .leakyReLU(let slope): nn_leaky_relu(x + offset, count, slope, y + offset)
            case .tanh: nn_tanh_all(x + offset, count, y + offset)
            case .sigmoid: nn_sigmoid_all(x + offset, count, y + offset)
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let y = step.outputs[0], adds: Int32 = target.accumulates ? 1 : 0
        each(step) { offset, count in
            let (y, gradient, to) = (y + offset, gradient + offset, target.pointer + offset)
            switch function {
            case .leakyReLU(let slope): nn_leaky_relu_gradient(y, gradient, count, slope, adds, to)
            case .tanh: nn_tanh_gradient(y, gradient, count, adds, to)
            case .sigmoid: nn_sigmoid_gradient(y, gradient, count, adds, to)
            }
        }
    }
}

/// max(0, x) of each element.
public func relu(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .leakyReLU(slope: 0)), x) }
/// x above 0, `slope` x below, of each element (Maas et al. 2013).
/// - Parameter slope: PyTorch's default is 0.01, the GAN recipes' 0.2.
/// - Precondition: the slope is positive, so that the sign of x follows from the value.
public func leakyReLU(_ x: Tensor, slope: Float) -> Tensor {
    precondition(slope > 0, "The slope of a leaky ReLU must be positive, not \(slope).")
    return x.graph.apply(ActivationOp(function: .leakyReLU(slope: slope)), x)
}
/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .tanh), x) }
/// 1 / (1 + exp(-x)) of each element.
public func sigmoid(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .sigmoid), x) }
