import CNNKernels

/// Means and deviations of channels over a batch, and the gradient through them (Ioffe and Szegedy 2015).
///
/// x is [N, C], [N, C, …] or, with its channels in groups, [N, C / b, H, W, b].
struct BatchStatistics {
    let samples: Int
    let groups: Int
    /// Elements of one channel in one sample.
    let places: Int
    /// Channels per group.
    let block: Int
    var channels: Int { groups * block }
    /// Elements that each mean is taken over.
    var count: Int { samples * places }
    var groupCount: Int { places * block }

    init(_ x: Shape) {
        block = x.rank == 5 ? x[4] : 1
        (samples, groups) = (x[0], x[1])
        places = x.count / max(1, samples * groups * block)
    }

    /// Inputs: x; weight, bias, running mean and running variance, each [C].
    static func check(_ name: String, _ inputs: [Shape]) {
        let x = inputs[0]
        precondition(
            inputs.count == 5 && x.rank >= 2 && x.rank <= 5 && (x.rank < 5 || x[4] % 8 == 0) && x.count > 0
                && inputs.dropFirst().allSatisfy { $0 == [BatchStatistics(x).channels] },
            "\(name) takes [N, C, …] and four of [C], not \(inputs).")
    }

    /// Two doubles per channel and sample, and three floats per channel.
    var scratchCount: Int { 4 * samples * channels + 3 * MemoryPlan.padded(channels) }

    /// Three arrays with one number per channel.
    func coefficients(_ step: OpStep) -> (
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
    ) {
        let padded = MemoryPlan.padded(channels), first = step.scratch
        return (first, first + padded, first + 2 * padded)
    }

    private func sums(_ step: OpStep) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(step.scratch + 3 * MemoryPlan.padded(channels)).assumingMemoryBound(to: Double.self)
    }

    /// Calls the body for each group of channels of each sample, on all threads, with the sample, the group's first
    /// channel and the offset of the group in x.
    func each(_ step: OpStep, _ body: (_ sample: Int, _ channel: Int, _ offset: Int) -> Void) {
        step.parts(samples * groups) { part in body(part / groups, part % groups * block, part * groupCount) }
    }

    /// Two sums per channel over the batch: `body` computes them for one group of one sample, and they are added in the
    /// order of the samples.
    func reduce(
        _ step: OpStep,
        _ body: (
            _ sample: Int, _ channel: Int, _ offset: Int, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
        ) -> Void
    ) -> [(first: Double, second: Double)] {
        let sums = sums(step), second = sums + samples * channels
        sums.update(repeating: 0, count: 2 * samples * channels)
        each(step) { sample, channel, offset in
            let place = sample * channels + channel
            body(sample, channel, offset, sums + place, second + place)
        }
        return (0..<channels).map { channel in
            var total = (first: 0.0, second: 0.0)
            for sample in 0..<samples {
                total.first += sums[sample * channels + channel]
                total.second += second[sample * channels + channel]
            }
            return total
        }
    }

    /// Writes the mean and 1 / deviation of each channel to the step's saved memory: in training those of the batch,
    /// which also update the running ones; in inference, and where they are kept, the running ones.
    func measure(_ step: OpStep, epsilon: Float, momentum: Float, keepsStatistics: Bool = false) {
        let (mean, inverse) = (step.saved, step.saved + channels)
        guard step.isTraining, !keepsStatistics else {
            for channel in 0..<channels {
                mean[channel] = step.inputs[3][channel]
                inverse[channel] = 1 / (step.inputs[4][channel] + epsilon).squareRoot()
            }
            return
        }
        // One of the channel's own values is subtracted first, so that a large mean costs no digits.
        let pivots = coefficients(step).0
        for channel in 0..<channels { pivots[channel] = step.inputs[0][channel / block * groupCount + channel % block] }
        let found = reduce(step) { _, channel, offset, sums, squares in
            nn_channel_sums(step.inputs[0] + offset, Int64(places), Int64(block), pivots + channel, sums, squares)
        }
        for channel in 0..<channels {
            let shift = found[channel].first / Double(count)
            let variance = max(0, found[channel].second / Double(count) - shift * shift)
            mean[channel] = pivots[channel] + Float(shift)
            inverse[channel] = Float(1 / (variance + Double(epsilon)).squareRoot())
            // PyTorch keeps the unbiased variance.
            step.states[3]?[channel] += momentum * (mean[channel] - step.inputs[3][channel])
            step.states[4]?[channel] +=
                momentum * (Float(variance * Double(count) / Double(max(1, count - 1))) - step.inputs[4][channel])
        }
    }

    /// The coefficients of y = x scale + shift: normalization, weight and bias in one.
    func affine(_ step: OpStep) -> (scale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>) {
        let (scale, shift, _) = coefficients(step)
        for channel in 0..<channels {
            scale[channel] = step.inputs[1][channel] * step.saved[channels + channel]
            shift[channel] = step.inputs[2][channel] - step.saved[channel] * scale[channel]
        }
        return (scale, shift)
    }

    /// From the sums of the gradient and of gradient times (x - mean): adds to the gradients of weight and bias, and
    /// returns the coefficients of the gradient of x: for the gradient from above, for 1 and for x.
    /// - Parameter keepsStatistics: mean and deviation are constants, so no gradient passes through them.
    func gradient(_ step: OpStep, _ sums: [(first: Double, second: Double)], keepsStatistics: Bool = false)
        -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    {
        let result = coefficients(step), (byGradient, constant, byX) = result
        for target in step.inputGradients[1...2].compactMap(\.self) where !target.accumulates {
            target.pointer.update(repeating: 0, count: channels)
        }
        for (channel, sum) in sums.enumerated() {
            let inverse = Double(step.saved[channels + channel]), scale = Double(step.inputs[1][channel]) * inverse
            step.inputGradients[1]?.pointer[channel] += Float(sum.second * inverse)
            step.inputGradients[2]?.pointer[channel] += Float(sum.first)
            byGradient[channel] = Float(scale)
            guard !keepsStatistics else {
                (constant[channel], byX[channel]) = (0, 0)
                continue
            }
            let slope = -scale * inverse * inverse * sum.second / Double(count)
            byX[channel] = Float(slope)
            constant[channel] = Float(-scale * sum.first / Double(count) - Double(step.saved[channel]) * slope)
        }
        return result
    }
}
