import Synchronization

/// Tells everything that runs to stop. Ctrl-C sets it; stages and the scheduler read it.
public final class Cancellation: Sendable {
    private let signal = Atomic<Int32>(0)

    /// Not canceled.
    public init() {}

    /// Requests the stop.
    /// - Parameter number: number of the signal, for the exit code; 0 means SIGINT.
    public func cancel(signal number: Int32 = 2) { signal.store(number == 0 ? 2 : number, ordering: .relaxed) }
    /// Whether a stop was requested.
    public var isCancelled: Bool { signal.load(ordering: .relaxed) != 0 }
    /// 130 for SIGINT, 143 for SIGTERM.
    public var exitCode: Int32 { 128 + signal.load(ordering: .relaxed) }
}
