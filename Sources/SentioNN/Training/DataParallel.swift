import CKernels
import Dispatch
public import SentioNumerics

/// Gradients of a batch by several lanes side by side, each an executor of its own on one core: samples are dealt in
/// micro-batches, and the lanes' gradients are added in the order of the lanes. No op waits for another core.
///
/// The same bits for the same number of lanes. For models whose samples do not see each other; batch normalisation
/// needs one lane with all samples.
public final class DataParallel: @unchecked Sendable {
    public let lanes: [Executor]
    /// The sum over lanes, after `run`.
    public var gradients: AlignedFloats { lanes[0].gradients ?? AlignedFloats(count: 0) }
    /// Samples of one micro-batch.
    public let microBatch: Int

    public init(_ program: Program, parameters: ParameterSet, lanes count: Int, microBatch: Int) {
        lanes = (0..<max(1, count)).map { _ in
            Executor(program, parameters: parameters, gradients: program.isTraining ? AlignedFloats(count: parameters.count) : nil)
        }
        self.microBatch = microBatch
    }

    /// One pass over `samples` samples; for a training program the gradient of the mean over them.
    ///
    /// - Parameters:
    ///   - fill: puts samples `first..<first + microBatch` into an executor's inputs. Called on several threads.
    ///   - collect: reads an executor's outputs after its step. Called on several threads, for samples of its own.
    /// - Precondition: `samples` is a multiple of the micro-batch.
    public func run(
        samples: Int, key: UInt64, fill: @Sendable (Executor, _ first: Int) -> Void, collect: @Sendable (Executor, _ first: Int) -> Void
    ) {
        precondition(samples % microBatch == 0, "\(samples) samples are not whole micro-batches of \(microBatch).")
        let count = samples / microBatch
        DispatchQueue.concurrentPerform(iterations: lanes.count) { lane in
            let executor = lanes[lane]
            if let gradients = executor.gradients { gradients.pointer.update(repeating: 0, count: gradients.count) }
            for number in stride(from: lane, to: count, by: lanes.count) {
                fill(executor, number * microBatch)
                executor.run(key: key, firstSample: number * microBatch, scale: Float(microBatch) / Float(samples))
                collect(executor, number * microBatch)
            }
        }
        guard let total = lanes[0].gradients else { return }
        for lane in lanes.dropFirst() { if let part = lane.gradients { nn_accumulate(part.pointer, Int64(total.count), total.pointer) } }
    }
}
