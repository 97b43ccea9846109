import CKernels

/// The gradient of a convolution as a layer of its own (Zeiler et al. 2010): x [N, I, H, W], kernels [I, O, kH, kW], bias
/// [O] or absent; y [N, O, (H - 1) s - 2 p + kH, …]. Samples are dealt to threads.
struct ConvTranspose2dOp: Op {
    static let name = "conv-transpose2d"
    let hasBias: Bool
    let stride: Extent
    let padding: Extent
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let sizes = sizes(inputs)
        return [[inputs[0][0], sizes.inputs, sizes.input.height, sizes.input.width]]
    }

    /// Of the convolution that goes from y to x.
    private func sizes(_ inputs: [Shape]) -> Convolution.Sizes {
        let x = inputs[0], kernels = inputs[1]
        precondition(
            inputs.count == (hasBias ? 3 : 2) && x.rank == 4 && kernels.rank == 4 && x[1] == kernels[0]
                && (!hasBias || inputs[2] == [kernels[1]]), "conv-transpose2d takes [N, I, H, W], [I, O, kH, kW] and [O], not \(inputs).")
        let kernel = Extent(kernels[2], kernels[3])
        let output = Extent(
            (x[2] - 1) * stride.height - 2 * padding.height + kernel.height, (x[3] - 1) * stride.width - 2 * padding.width + kernel.width)
        precondition(output.height > 0 && output.width > 0, "conv-transpose2d makes nothing of \(x) with padding \(padding).")
        return Convolution.Sizes(
            inputs: kernels[1], outputs: kernels[0], input: output, output: Extent(x[2], x[3]), kernel: kernel, stride: stride,
            padding: padding)
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int { ConvolutionGradients.scratchCount(sizes(inputs), threads: threads) }

    func operations(_ inputs: [Shape]) -> Int {
        let sizes = sizes(inputs)
        return 2 * inputs[0][0] * sizes.kernelCount * sizes.output.count
    }

    func bytesOutside(_ inputs: [Shape], threads: Int) -> Int { max(1, min(threads, inputs[0][0])) * Convolution.bytes(sizes(inputs)) }

    func forward(_ step: OpStep) {
        let sizes = sizes(step.inputShapes), places = sizes.input.count
        step.lanes(step.inputShapes[0][0]) { _, samples in
            Convolution.with(sizes, kernels: step.inputs[1], bias: nil) { convolution in
                for sample in samples {
                    let y = step.outputs[0] + sample * sizes.inputCount
                    convolution.backwardInput(step.inputs[0] + sample * sizes.outputCount, y)
                    guard hasBias else { continue }
                    var one: Float = 1
                    for channel in 0..<sizes.inputs {
                        nn_channel_affine(
                            y + channel * places, Int64(places), 1, &one, step.inputs[2] + channel, y + channel * places)
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
                        target.write(at: sample * sizes.outputCount, count: sizes.outputCount) { convolution.forward(above, $0) }
                    }
                    if let kernels { convolution.backwardKernels(above, step.inputs[0] + sample * sizes.outputCount, kernels, nil) }
                    guard let bias else { continue }
                    for channel in 0..<sizes.inputs {
                        var (pivot, sum, square) = (Float(0), 0.0, 0.0)
                        nn_channel_sums(above + channel * places, Int64(places), 1, &pivot, &sum, &square)
                        bias[channel] += Float(sum)
                    }
                }
            }
        }
        wanted.add(lanes: step.laneCount(step.inputShapes[0][0]))
    }
}
