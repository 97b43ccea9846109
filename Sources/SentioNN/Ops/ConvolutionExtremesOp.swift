import CNNKernels

/// The highest and the lowest output, over the width, of a convolution of one channel without padding in the width. x
/// [N, 1, H, W], kernels [O, 1, kH, kW], bias [O] or absent; y [N, O, H + 2 p - kH + 1, 2], highest first.
///
/// What follows a convolution before a maximum over the width, if each step is monotonic (an activation, a norm with
/// fixed statistics), needs no more. Nothing in between is stored, and products are shared by neighboring positions:
/// about half as many multiplications as in `Conv2dOp`, with errors of the same size. Samples are divided among
/// threads. There is no backward pass.
struct ConvolutionExtremesOp: Op {
    static let name = "convolution-extremes"
    let hasBias: Bool
    /// Frames of zeros above and below.
    let padding: Int
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let x = inputs[0], kernels = inputs[1]
        precondition(
            inputs.count == (hasBias ? 3 : 2) && x.rank == 4 && x[1] == 1 && kernels.rank == 4 && kernels[1] == 1
                && (!hasBias || inputs[2] == [kernels[0]]),
            "convolution-extremes takes [N, 1, H, W], [O, 1, kH, kW] and [O], not \(inputs).")
        precondition(
            x[2] + 2 * padding >= kernels[2] && x[3] >= kernels[3],
            "convolution-extremes cannot apply kernels \(kernels) to \(x).")
        return [[x[0], kernels[0], x[2] + 2 * padding - kernels[2] + 1, 2]]
    }

    /// Bands of the blocks that share products; nil if the convolution takes fewer multiplications as it is.
    func sharedBlock(_ inputs: [Shape]) -> Int? {
        let form = form(inputs)
        return form.reuses == 0 ? nil : Int(form.block)
    }

    private func form(_ inputs: [Shape]) -> nn_extremes_shape {
        let x = inputs[0], kernels = inputs[1], positions = x[3] - kernels[3] + 1
        func form(reuses: Bool) -> nn_extremes_shape {
            nn_extremes_shape(
                frames: Int64(x[2]), bands: Int64(x[3]), maps: Int64(kernels[0]), length: Int64(kernels[2]),
                height: Int64(kernels[3]), padding: Int64(padding), reuses: reuses ? 1 : 0,
                block: Int64((positions + 5) / 6))
        }
        var shared = form(reuses: true)
        let plain = form(reuses: false), count = Int(nn_extremes_rows(&shared)) * Int(shared.block)
        // A tenth for the additions that combine the products.
        return 10 * positions * kernels[3] > 11 * count ? shared : plain
    }

    private struct Counts {
        let table: Int
        let kernels: Int
        let input: Int

        init(_ form: nn_extremes_shape) {
            var form = form
            table = MemoryPlan.padded(12 + Int(nn_extremes_rows(&form)))
            kernels = MemoryPlan.padded(Int(nn_extremes_kernel_count(&form)))
            input = MemoryPlan.padded(Int(nn_extremes_input_count(&form)))
        }
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        let counts = Counts(form(inputs))
        return counts.table + counts.kernels + max(1, min(threads, inputs[0][0])) * counts.input
    }

    /// As many as the convolution would take.
    func operations(_ inputs: [Shape]) -> Int {
        let x = inputs[0], kernels = inputs[1], frames = outputShapes(inputs)[0][2]
        return 2 * x[0] * frames * (x[3] - kernels[3] + 1) * kernels.count
    }

    func forward(_ step: OpStep) {
        let form = form(step.inputShapes), counts = Counts(form), x = step.inputShapes[0], y = step.outputShapes[0]
        let rows = UnsafeMutableRawPointer(step.scratch).assumingMemoryBound(to: Int32.self)
        let kernels = step.scratch + counts.table, inputs = kernels + counts.kernels
        let bias = hasBias ? step.inputs[2] : nil
        withUnsafePointer(to: form) { form in
            nn_extremes_kernels(form, step.inputs[1], rows, kernels)
            step.lanes(x[0]) { lane, samples in
                let input = inputs + lane * counts.input
                for sample in samples {
                    nn_extremes_input(form, step.inputs[0] + sample * x[2] * x[3], input)
                    nn_extremes(form, kernels, rows, input, bias, step.outputs[0] + sample * y[1] * y[2] * 2)
                }
            }
        }
    }

    func backward(_ step: OpStep) { preconditionFailure("\(Self.name) is for inference.") }
}
