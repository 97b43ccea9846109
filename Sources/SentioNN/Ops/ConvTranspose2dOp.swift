import CNNKernels

/// The gradient of a convolution as a layer of its own (Zeiler et al. 2010): x [N, I, H, W], kernels [I, O, kH, kW],
/// bias [O] or absent; y [N, O, (H - 1) s - 2 p + kH, …], or of a given size. As with `Conv2dOp`, x and y may have
/// their channels in groups. Samples are divided among threads.
struct ConvTranspose2dOp: Op {
    static let name = "conv-transpose2d"
    let hasBias: Bool
    let stride: Extent
    let padding: Extent
    /// Channels per group in y; 1: no groups.
    var outputBlock = 1
    /// Height and width of y; nil: the smallest that a convolution turns into x. Strides above 1 allow for several.
    var outputSize: Extent?
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let sizes = sizes(inputs)
        return [
            outputBlock == 1
                ? [inputs[0][0], sizes.inputs, sizes.input.height, sizes.input.width]
                : [inputs[0][0], sizes.inputs / outputBlock, sizes.input.height, sizes.input.width, outputBlock]
        ]
    }

    /// The sizes of the convolution from y to x.
    private func sizes(_ inputs: [Shape]) -> Convolution.Sizes {
        let x = inputs[0], kernels = inputs[1], block = x.rank == 5 ? x[4] : 1
        precondition(
            inputs.count == (hasBias ? 3 : 2) && (x.rank == 4 || x.rank == 5) && kernels.rank == 4
                && x[1] * block == kernels[0]
                && kernels[1] % outputBlock == 0 && (!hasBias || inputs[2] == [kernels[1]]),
            "conv-transpose2d takes [N, I, H, W], [I, O, kH, kW] and [O], not \(inputs).")
        let kernel = Extent(kernels[2], kernels[3])
        let smallest = Extent(
            (x[2] - 1) * stride.height - 2 * padding.height + kernel.height,
            (x[3] - 1) * stride.width - 2 * padding.width + kernel.width)
        let output = outputSize ?? smallest
        precondition(
            output.height > 0 && output.width > 0, "conv-transpose2d has no output for \(x) with padding \(padding).")
        precondition(
            (0..<stride.height).contains(output.height - smallest.height)
                && (0..<stride.width).contains(output.width - smallest.width),
            "conv-transpose2d cannot turn \(x) into an output of \(output).")
        return Convolution.Sizes(
            inputs: kernels[1], outputs: kernels[0], input: output, output: Extent(x[2], x[3]), kernel: kernel,
            stride: stride,
            padding: padding, inputBlock: outputBlock, outputBlock: block)
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
        let sizes = sizes(step.inputShapes), places = sizes.input.count
        step.lanes(step.inputShapes[0][0]) { _, samples in
            Convolution.with(sizes, kernels: step.inputs[1], bias: nil) { convolution in
                for sample in samples {
                    let y = step.outputs[0] + sample * sizes.inputCount
                    convolution.backwardInput(step.inputs[0] + sample * sizes.outputCount, y)
                    guard hasBias else { continue }
                    let ones = [Float](repeating: 1, count: outputBlock)
                    for channel in Swift.stride(from: 0, to: sizes.inputs, by: outputBlock) {
                        let group = y + channel * places
                        nn_channel_affine(
                            group, Int64(places), Int64(outputBlock), ones, step.inputs[2] + channel, group)
                    }
                }
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let sizes = sizes(step.inputShapes), wanted = ConvolutionGradients(step, sizes), places = sizes.input.count
        step.lanes(step.inputShapes[0][0]) { lane, samples in
            let (kernels, bias) = wanted.targets(lane)
            Convolution.with(sizes, kernels: step.inputs[1], bias: nil) { convolution in
                for sample in samples {
                    let above = gradient + sample * sizes.inputCount
                    if let target = step.inputGradients[0] {
                        target.write(at: sample * sizes.outputCount, count: sizes.outputCount) {
                            convolution.forward(above, $0)
                        }
                    }
                    if let kernels {
                        convolution.backwardKernels(above, step.inputs[0] + sample * sizes.outputCount, kernels, nil)
                    }
                    guard let bias else { continue }
                    let pivots = [Float](repeating: 0, count: outputBlock)
                    for channel in Swift.stride(from: 0, to: sizes.inputs, by: outputBlock) {
                        var sums = [Double](repeating: 0, count: outputBlock), squares = sums
                        nn_channel_sums(
                            above + channel * places, Int64(places), Int64(outputBlock), pivots, &sums, &squares)
                        for (offset, sum) in sums.enumerated() { bias[channel + offset] += Float(sum) }
                    }
                }
            }
        }
        wanted.add(lanes: step.laneCount(step.inputShapes[0][0]))
    }
}
