import CNNKernels

/// In training, sets each element to 0 with probability `rate` and divides the rest by 1 - rate (Srivastava et al.
/// 2014); in inference, the identity. x is [N, …]. The mask is a function of key, sample and position: the backward
/// pass draws it again, and it does not depend on threads or batches.
struct DropoutOp: Op {
    static let name = "dropout"
    let rate: Float
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(inputs[0].rank > 0, "dropout takes [N, …].")
        return [inputs[0]]
    }

    func forward(_ step: OpStep) {
        guard step.isTraining else {
            return step.outputs[0].update(from: step.inputs[0], count: step.outputShapes[0].count)
        }
        run(step, from: step.inputs[0], to: step.outputs[0], accumulates: false)
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        run(step, from: gradient, to: target.pointer, accumulates: target.accumulates)
    }

    private func run(_ step: OpStep, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, accumulates: Bool) {
        let samples = step.inputShapes[0][0]
        guard samples > 0 else { return }
        let count = step.inputShapes[0].count / samples, mask = DropoutMask(rate)
        for sample in 0..<samples {
            nn_dropout(
                from + sample * count, Int64(count), DropoutMask.key(step, sample: sample), 0, mask.threshold,
                mask.scale,
                accumulates ? 1 : 0, to + sample * count)
        }
    }
}

/// What the C kernels need to know to drop elements.
struct DropoutMask {
    /// An element is dropped if its 32 random bits are below this.
    let threshold: UInt32
    /// Elements that are kept are multiplied by this.
    let scale: Float

    /// - Precondition: 0 <= rate < 1.
    init(_ rate: Float) {
        threshold = UInt32(Double(Self.checked(rate)) * 0x1p32)
        scale = 1 / (1 - rate)
    }

    static func checked(_ rate: Float) -> Float {
        precondition(rate >= 0 && rate < 1, "A dropout rate must be at least 0 and below 1, not \(rate).")
        return rate
    }

    /// The key of one sample's mask.
    static func key(_ step: OpStep, sample: Int) -> UInt64 {
        (step.randomKey ^ UInt64(step.firstSample + sample)) &* 0x9E37_79B9_7F4A_7C15
    }
}

extension Tensor {
    /// With dropout in training. A rate of 0 adds no op.
    /// - Precondition: 0 <= rate < 1.
    public func dropout(_ rate: Float) -> Tensor { rate == 0 ? self : graph.apply(DropoutOp(rate: rate), self) }
}
