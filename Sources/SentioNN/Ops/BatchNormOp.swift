import CNNKernels

/// Scales each channel to mean 0 and variance 1 over the batch (in inference: by the running mean and variance), then
/// multiplies by weight and adds bias. x [N, C, …], also with channels in groups; weight, bias, running mean and
/// variance [C].
struct BatchNormOp: Op {
    static let name = "batch-norm"
    let epsilon: Float
    let momentum: Float
    /// Whether training uses the running mean and variance too, as constants.
    var keepsStatistics = false
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        BatchStatistics.check(Self.name, inputs)
        return [inputs[0]]
    }

    func savedCount(_ inputs: [Shape]) -> Int { 2 * BatchStatistics(inputs[0]).channels }
    func scratchCount(_ inputs: [Shape], threads: Int) -> Int { BatchStatistics(inputs[0]).scratchCount }

    func forward(_ step: OpStep) {
        let batch = BatchStatistics(step.inputShapes[0])
        batch.measure(step, epsilon: epsilon, momentum: momentum, keepsStatistics: keepsStatistics)
        let (scale, shift) = batch.affine(step)
        batch.each(step) { _, channel, offset in
            nn_channel_affine(
                step.inputs[0] + offset, Int64(batch.places), Int64(batch.block), scale + channel, shift + channel,
                step.outputs[0] + offset)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let batch = BatchStatistics(step.inputShapes[0])
        let sums = batch.reduce(step) { _, channel, offset, sums, dots in
            nn_channel_dots(
                step.inputs[0] + offset, gradient + offset, Int64(batch.places), Int64(batch.block),
                step.saved + channel, sums, dots)
        }
        let (byGradient, constant, byX) = batch.gradient(step, sums, keepsStatistics: keepsStatistics)
        guard let target = step.inputGradients[0] else { return }
        batch.each(step) { _, channel, offset in
            nn_channel_gradient(
                step.inputs[0] + offset, gradient + offset, Int64(batch.places), Int64(batch.block),
                byGradient + channel,
                constant + channel, byX + channel, target.accumulates ? 1 : 0, target.pointer + offset)
        }
    }
}
