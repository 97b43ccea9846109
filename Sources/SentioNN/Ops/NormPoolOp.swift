import CNNKernels

/// Batch normalization, ReLU, max pooling and dropout fused: what follows a convolution, without storing what is
/// between them. The same numbers as `BatchNormOp`, `ActivationOp`, `MaxPool2dOp` and `DropoutOp` one after another.
///
/// x [N, C / b, H, W, b], weight, bias, running mean and variance [C]; y [N, C / b, H / pH, W / pW, b]. Windows do not
/// overlap; a remainder that fills no window counts in the statistics and is then left out.
struct NormPoolOp: Op {
    static let name = "norm-pool"
    /// Positions in a window are stored in a byte, one value of which means "no gradient".
    static let windowLimit = 255
    let epsilon: Float
    let momentum: Float
    let pool: Extent
    let dropout: Float
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        BatchStatistics.check(Self.name, inputs)
        let x = inputs[0]
        precondition(
            x.rank == 5 && x[2] >= pool.height && x[3] >= pool.width && pool.count < Self.windowLimit,
            "norm-pool takes [N, C / b, H, W, b] and windows of fewer than 255 that fit, not \(x) and \(pool).")
        return [[x[0], x[1], x[2] / pool.height, x[3] / pool.width, x[4]]]
    }

    /// Mean and deviation of each channel; the maximum of each window and, in a byte, its position.
    func savedCount(_ inputs: [Shape]) -> Int {
        let count = outputShapes(inputs)[0].count
        return 2 * BatchStatistics(inputs[0]).channels + count + (count + 3) / 4
    }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int { BatchStatistics(inputs[0]).scratchCount }

    private func kept(_ step: OpStep, _ channels: Int) -> (
        found: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<UInt8>
    ) {
        let found = step.saved + 2 * channels
        return (found, UnsafeMutableRawPointer(found + step.outputShapes[0].count).assumingMemoryBound(to: UInt8.self))
    }

    func forward(_ step: OpStep) {
        let batch = BatchStatistics(step.inputShapes[0]), x = step.inputShapes[0], pooled = step.outputShapes[0]
        batch.measure(step, epsilon: epsilon, momentum: momentum)
        let (scale, shift) = batch.affine(step)
        let mask = DropoutMask(step.isTraining ? dropout : 0), kept = kept(step, batch.channels)
        let group = pooled[2] * pooled[3] * batch.block
        batch.each(step) { sample, channel, offset in
            let first = channel / batch.block * group, to = sample * batch.groups * group + first
            nn_norm_pool(
                step.inputs[0] + offset, Int64(x[2]), Int64(x[3]), Int64(batch.block), scale + channel, shift + channel,
                Int64(pool.height), Int64(pool.width), DropoutMask.key(step, sample: sample),
                UInt32(truncatingIfNeeded: first),
                mask.threshold, mask.scale, step.outputs[0] + to, kept.found + to,
                step.isTraining ? kept.places + to : nil)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let batch = BatchStatistics(step.inputShapes[0]), x = step.inputShapes[0], pooled = step.outputShapes[0]
        let kept = kept(step, batch.channels), group = pooled[2] * pooled[3] * batch.block
        let keep = dropout == 0 ? 1 : Double(DropoutMask(dropout).scale)
        let sums = batch.reduce(step) { sample, channel, _, sums, dots in
            let from = (sample * batch.groups + channel / batch.block) * group
            nn_norm_pool_dots(
                gradient + from, kept.found + from, kept.places + from, Int64(pooled[2] * pooled[3]),
                Int64(batch.block),
                step.saved + channel, sums, dots)
        }
        let (byGradient, constant, byX) = batch.gradient(step, sums.map { ($0.first * keep, $0.second * keep) })
        guard let target = step.inputGradients[0] else { return }
        for channel in 0..<batch.channels { byGradient[channel] *= Float(keep) }
        batch.each(step) { sample, channel, offset in
            let from = (sample * batch.groups + channel / batch.block) * group
            nn_norm_pool_gradient(
                step.inputs[0] + offset, Int64(x[2]), Int64(x[3]), Int64(batch.block), gradient + from,
                kept.places + from,
                Int64(pool.height), Int64(pool.width), byGradient + channel, constant + channel, byX + channel,
                target.accumulates ? 1 : 0, target.pointer + offset)
        }
    }
}
