import CNNKernels

/// A function of each element by itself, whose derivative can be told from its value.
struct ActivationOp: Op {
    enum Function: Sendable {
        /// x above 0, `slope` x below (Maas et al. 2013); with slope 0 the plain ReLU.
        case leakyReLU(slope: Float)
        case tanh
        case sigmoid
    }

    static let name = "activation"
    /// A part's length for one thread.
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

public func relu(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .leakyReLU(slope: 0)), x) }
/// - Parameter slope: below 0; PyTorch's default is 0.01, the GAN recipes' 0.2.
/// - Precondition: a positive slope.
public func leakyReLU(_ x: Tensor, slope: Float) -> Tensor {
    precondition(slope > 0, "A leaky ReLU has a positive slope, not \(slope).")
    return x.graph.apply(ActivationOp(function: .leakyReLU(slope: slope)), x)
}
public func tanh(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .tanh), x) }
public func sigmoid(_ x: Tensor) -> Tensor { x.graph.apply(ActivationOp(function: .sigmoid), x) }
