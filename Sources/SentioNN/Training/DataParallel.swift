import CNNKernels
import SentioBase
public import SentioNumerics
import Synchronization

/// Gradients of a batch by several lanes side by side, each an executor of its own on one core: samples are dealt in
/// micro-batches, and the lanes' gradients are added in the order of the lanes. No op waits for another core.
///
/// The lanes are dealt their micro-batches in advance, so the bits are the same for the same number of lanes. For
/// models whose samples do not see each other; batch normalisation needs one lane with all samples.
public final class DataParallel {
    public let lanes: [Executor]
    /// The sum over lanes, after `run`.
    public var gradients: AlignedFloats { lanes[0].gradients ?? AlignedFloats(count: 0) }
    /// Samples of one micro-batch.
    public let microBatch: Int

    public init(_ program: Program, parameters: ParameterSet, lanes count: Int, microBatch: Int) {
        lanes = (0..<max(1, count)).map { _ in
            Executor(
                program, parameters: parameters,
                gradients: program.isTraining ? AlignedFloats(count: parameters.count) : nil)
        }
        self.microBatch = microBatch
    }

    /// One pass over `samples` samples, in micro-batches; what the bodies add to gradients is summed over lanes.
    ///
    /// - Parameter body: works on samples `first..<first + microBatch` with an executor. Called on several threads; the
    ///   first error ends the pass.
    /// - Precondition: `samples` is a multiple of the micro-batch.
    public func run(samples: Int, body: @Sendable (Executor, _ first: Int) throws -> Void) throws {
        precondition(samples % microBatch == 0, "\(samples) samples are not whole micro-batches of \(microBatch).")
        let count = samples / microBatch, failure = Mutex<(any Error)?>(nil)
        // Each lane touches its own executor alone.
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
