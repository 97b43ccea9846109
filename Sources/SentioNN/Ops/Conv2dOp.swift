import CNNKernels

/// Two-dimensional cross-correlation with zero padding. x [N, I, H, W], kernels [O, I, kH, kW], bias [O] or absent; y
/// [N, O, (H + 2 p - kH) / s + 1, …]. One-dimensional signals have H = 1.
///
/// x and y may have their channels in groups, [N, C / b, H, W, b]: the layout in which the processor's kernels are
/// fastest, so that nothing is reordered between convolutions. Samples are divided among threads.
struct Conv2dOp: Op {
    static let name = "conv2d"
    let hasBias: Bool
    let stride: Extent
    let padding: Extent
    /// Channels per group in y; 1: no groups.
    var outputBlock = 1
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let sizes = sizes(inputs), y = sizes.output
        return [
            outputBlock == 1
                ? [inputs[0][0], sizes.outputs, y.height, y.width]
                : [inputs[0][0], sizes.outputs / outputBlock, y.height, y.width, outputBlock]
        ]
    }

    func sizes(_ inputs: [Shape]) -> Convolution.Sizes {
        let x = inputs[0], kernels = inputs[1], block = x.rank == 5 ? x[4] : 1
        precondition(
            inputs.count == (hasBias ? 3 : 2) && (x.rank == 4 || x.rank == 5) && kernels.rank == 4
                && x[1] * block == kernels[1]
                && (!hasBias || inputs[2] == [kernels[0]]) && kernels[0] % outputBlock == 0,
            "conv2d takes [N, I, H, W], [O, I, kH, kW] and [O], not \(inputs).")
        let kernel = Extent(kernels[2], kernels[3]), input = Extent(x[2], x[3])
        precondition(
            input.height + 2 * padding.height >= kernel.height && input.width + 2 * padding.width >= kernel.width,
            "conv2d cannot apply kernels \(kernels) to \(x).")
        let output = Extent(
            (input.height + 2 * padding.height - kernel.height) / stride.height + 1,
            (input.width + 2 * padding.width - kernel.width) / stride.width + 1)
        return Convolution.Sizes(
            inputs: kernels[1], outputs: kernels[0], input: input, output: output, kernel: kernel, stride: stride,
            padding: padding,
            inputBlock: block, outputBlock: outputBlock)
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        ConvolutionGradients.scratchCount(sizes(inputs), threads: threads)
    }

    func operations(_ inputs: [Shape]) -> Int {
        let sizes = sizes(inputs)
        return 2 * inputs[0][0] * sizes.kernelCount * sizes.output.count
    }

    func bytesOutside(_ inputs: [Shape], threads: Int) -> Int {
        max(1, min(threads, inputs[0][0])) * Convolution.bytes(sizes(inputs))
    }

    func forward(_ step: OpStep) {
        let sizes = sizes(step.inputShapes)
        step.lanes(step.inputShapes[0][0]) { _, samples in
            Convolution.with(sizes, kernels: step.inputs[1], bias: hasBias ? step.inputs[2] : nil) { convolution in
                for sample in samples {
                    convolution.forward(
                        step.inputs[0] + sample * sizes.inputCount, step.outputs[0] + sample * sizes.outputCount)
                }
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let sizes = sizes(step.inputShapes), wanted = ConvolutionGradients(step, sizes)
        step.lanes(step.inputShapes[0][0]) { lane, samples in
            let (kernels, bias) = wanted.targets(lane)
            Convolution.with(sizes, kernels: step.inputs[1], bias: nil) { convolution in
                for sample in samples {
                    let above = gradient + sample * sizes.outputCount
                    if let target = step.inputGradients[0] {
                        target.write(at: sample * sizes.inputCount, count: sizes.inputCount) {
                            convolution.backwardInput(above, $0)
                        }
                    }
                    guard let kernels else { continue }
                    let x = step.inputs[0] + sample * sizes.inputCount
                    convolution.backwardKernels(x, above, kernels, bias)
                }
            }
        }
        wanted.add(lanes: step.laneCount(step.inputShapes[0][0]))
    }
}

/// Where each lane sums the gradients of kernels (input 1) and bias (input 2): the first lane in place, the others in
/// memory of their own.
struct ConvolutionGradients {
    let step: OpStep
    let kernelCount: Int
    let biasCount: Int

    init(_ step: OpStep, _ sizes: Convolution.Sizes) {
        self.step = step
        (kernelCount, biasCount) = (
            step.inputShapes[1].count, step.inputShapes.count > 2 ? step.inputShapes[2].count : 0
        )
        for (target, shape) in zip(step.inputGradients, step.inputShapes).dropFirst() {
            if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
        }
    }

    static func scratchCount(_ sizes: Convolution.Sizes, threads: Int) -> Int {
        (threads - 1) * MemoryPlan.padded(sizes.kernelCount + max(sizes.outputs, sizes.inputs))
    }

    private func part(_ lane: Int) -> UnsafeMutablePointer<Float> {
        step.scratch(lane - 1, count: kernelCount + biasCapacity)
    }
    private var biasCapacity: Int { max(step.inputShapes[1][0], step.inputShapes[1][1]) }

    func targets(_ lane: Int) -> (kernels: UnsafeMutablePointer<Float>?, bias: UnsafeMutablePointer<Float>?) {
        let (kernels, bias) = (step.inputGradients[1]?.pointer, biasCount > 0 ? step.inputGradients[2]?.pointer : nil)
        guard lane > 0 else { return (kernels, bias) }
        part(lane).update(repeating: 0, count: kernelCount + biasCount)
        return (kernels == nil ? nil : part(lane), bias == nil ? nil : part(lane) + kernelCount)
    }

    /// Adds up the lanes' sums, in the order of the lanes.
    func add(lanes: Int) {
        for lane in 1..<max(1, lanes) {
            if let kernels = step.inputGradients[1] { nn_accumulate(part(lane), Int64(kernelCount), kernels.pointer) }
            if biasCount > 0, let bias = step.inputGradients[2] {
                nn_accumulate(part(lane) + kernelCount, Int64(biasCount), bias.pointer)
            }
        }
    }
}

extension GradientTarget {
    /// For kernels that can only overwrite: writes elsewhere first if the target is to be added to.
    func write(at offset: Int, count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        guard accumulates else { return body(pointer + offset) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { part in
            guard let base = part.baseAddress else { return }
            body(base)
            nn_accumulate(base, Int64(count), pointer + offset)
        }
    }
}
