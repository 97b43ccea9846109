import CNNKernels

/// The maximum of each window, without padding: x [N, C, H, W] to [N, C, (H - kH) / s + 1, …]. The gradient goes to the
/// first of equal maxima, as in PyTorch.
struct MaxPool2dOp: Op {
    static let name = "max-pool2d"
    let kernel: Extent
    let stride: Extent
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let x = inputs[0]
        precondition(
            x.rank == 4 && x[2] >= kernel.height && x[3] >= kernel.width && x[2] * x[3] < Int(Int32.max),
            "max-pool2d takes [N, C, H, W] of at least its window \(kernel), not \(x).")
        return [[x[0], x[1], (x[2] - kernel.height) / stride.height + 1, (x[3] - kernel.width) / stride.width + 1]]
    }

    /// Where each maximum was found.
    func savedCount(_ inputs: [Shape]) -> Int { outputShapes(inputs)[0].count }

    private func places(_ step: OpStep) -> UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(step.saved).assumingMemoryBound(to: Int32.self)
    }

    func forward(_ step: OpStep) {
        let (x, y) = (step.inputShapes[0], step.outputShapes[0]), size = x[2] * x[3], pooled = y[2] * y[3],
            places = places(step)
        step.parts(x[0] * x[1]) { channel in
            nn_max_pool(
                step.inputs[0] + channel * size, Int64(x[2]), Int64(x[3]), [Int64(kernel.height), Int64(kernel.width)],
                [Int64(stride.height), Int64(stride.width)], Int64(y[2]), Int64(y[3]),
                step.outputs[0] + channel * pooled,
                places + channel * pooled)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let (x, y) = (step.inputShapes[0], step.outputShapes[0]), size = x[2] * x[3], pooled = y[2] * y[3],
            places = places(step)
        step.parts(x[0] * x[1]) { channel in
            let to = target.pointer + channel * size
            if !target.accumulates { to.update(repeating: 0, count: size) }
            for index in channel * pooled..<(channel + 1) * pooled { to[Int(places[index])] += gradient[index] }
        }
    }
}

extension Tensor {
    /// The maximum of each window of [N, C, H, W], without padding.
    /// - Parameter stride: nil: the window's size.
    public func maxPooled(_ kernel: Extent, stride: Extent? = nil) -> Tensor {
        graph.apply(MaxPool2dOp(kernel: kernel, stride: stride ?? kernel), self)
    }
}
