import CNNKernels
import SentioBase
public import SentioNumerics
import Synchronization

/// Data parallelism: several lanes compute a batch concurrently, each an executor of its own on one core. Samples are
/// divided into micro-batches, and the lanes' gradients are added in the order of the lanes. No op waits for another
/// core.
///
/// Which lane takes which micro-batch is fixed in advance, so results are bit-identical for the same number of lanes.
/// For models whose samples are independent of each other; batch normalization needs one lane with all samples.
public final class DataParallel {
    /// One executor per lane.
    public let lanes: [Executor]
    /// The sum over all lanes, after `run`.
    public var gradients: AlignedFloats { lanes[0].gradients ?? AlignedFloats(count: 0) }
    /// Samples per micro-batch.
    public let microBatch: Int

    /// Allocates the memory of all lanes.
    /// - Parameter program: made for one micro-batch.
    public init(_ program: Program, parameters: ParameterSet, lanes count: Int, microBatch: Int) {
        lanes = (0..<max(1, count)).map { _ in
            Executor(
                program, parameters: parameters,
                gradients: program.isTraining ? AlignedFloats(count: parameters.count) : nil)
        }
        self.microBatch = microBatch
    }

    /// One pass over `samples` samples, in micro-batches. Gradients are set to zero first and summed over lanes at the
    /// end.
    ///
    /// - Parameter body: processes samples `first..<first + microBatch` with an executor. Called on several threads;
    ///   the first error ends the pass.
    /// - Throws: whatever `body` throws.
    /// - Precondition: `samples` is a multiple of the micro-batch.
    public func run(samples: Int, body: @Sendable (Executor, _ first: Int) throws -> Void) throws {
        precondition(
            samples % microBatch == 0, "\(samples) samples cannot be divided into micro-batches of \(microBatch).")
        let count = samples / microBatch, failure = Mutex<(any Error)?>(nil)
        // Each lane uses only its own executor.
        Parallel.forEachUnchecked(lanes.count, threads: lanes.count) { lane, _ in
            let executor = lanes[lane]
            if let gradients = executor.gradients { gradients.pointer.update(repeating: 0, count: gradients.count) }
            for number in stride(from: lane, to: count, by: lanes.count) {
                guard failure.withLock({ $0 == nil }) else { return }
                do { try body(executor, number * microBatch) } catch {
                    failure.withLock { if $0 == nil { $0 = error } }
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        guard let total = lanes[0].gradients else { return }
        for lane in lanes.dropFirst() {
            if let part = lane.gradients { nn_accumulate(part.pointer, Int64(total.count), total.pointer) }
        }
    }
}
