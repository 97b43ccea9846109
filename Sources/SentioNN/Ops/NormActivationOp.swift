import CNNKernels

/// Batch normalization and a (leaky) ReLU fused, without storing what is between them: the same numbers as
/// `BatchNormOp` followed by `ActivationOp`.
///
/// x [N, C, …], also with channels in groups; weight, bias, running mean and variance [C].
struct NormActivationOp: Op {
    static let name = "norm-activation"
    let epsilon: Float
    let momentum: Float
    /// The slope below 0; 0 is the plain ReLU.
    let slope: Float
    let backwardReads = BackwardReads(inputs: [0, 1, 2])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        BatchStatistics.check(Self.name, inputs)
        return [inputs[0]]
    }

    func savedCount(_ inputs: [Shape]) -> Int { 2 * BatchStatistics(inputs[0]).channels }

    func scratchCount(_ inputs: [Shape], threads: Int) -> Int {
        let batch = BatchStatistics(inputs[0])
        return MemoryPlan.padded(batch.scratchCount) + 2 * MemoryPlan.padded(batch.channels)
    }

    func forward(_ step: OpStep) {
        let batch = BatchStatistics(step.inputShapes[0])
        batch.measure(step, epsilon: epsilon, momentum: momentum)
        let (scale, shift) = batch.affine(step)
        batch.each(step) { _, channel, offset in
            nn_norm_activation(
                step.inputs[0] + offset, Int64(batch.places), Int64(batch.block), scale + channel, shift + channel,
                slope,
                step.outputs[0] + offset)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let batch = BatchStatistics(step.inputShapes[0])
        // After the memory that the statistics themselves use.
        let scale = step.scratch + MemoryPlan.padded(batch.scratchCount),
            shift = scale + MemoryPlan.padded(batch.channels)
        let affine = batch.affine(step)
        scale.update(from: affine.scale, count: batch.channels)
        shift.update(from: affine.shift, count: batch.channels)
        let sums = batch.reduce(step) { _, channel, offset, sums, dots in
            nn_norm_activation_dots(
                step.inputs[0] + offset, gradient + offset, Int64(batch.places), Int64(batch.block), scale + channel,
                shift + channel,
                slope, step.saved + channel, sums, dots)
        }
        let (byGradient, constant, byX) = batch.gradient(step, sums)
        guard let target = step.inputGradients[0] else { return }
        batch.each(step) { _, channel, offset in
            nn_norm_activation_gradient(
                step.inputs[0] + offset, gradient + offset, Int64(batch.places), Int64(batch.block), scale + channel,
                shift + channel,
                slope, byGradient + channel, constant + channel, byX + channel, target.accumulates ? 1 : 0,
                target.pointer + offset)
        }
    }
}
