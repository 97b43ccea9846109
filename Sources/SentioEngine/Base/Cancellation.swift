import Synchronization

/// Says to everything that runs that it should stop: set by Ctrl-C, read by stages and by the scheduler.
public final class Cancellation: Sendable {
    private let signal = Atomic<Int32>(0)

    public init() {}

    /// - parameter number: the signal's number, for the exit code; 0 is taken as SIGINT.
    public func cancel(signal number: Int32 = 2) { signal.store(number == 0 ? 2 : number, ordering: .relaxed) }
    public var isCancelled: Bool { signal.load(ordering: .relaxed) != 0 }
    /// 130 for SIGINT, 143 for SIGTERM.
    public var exitCode: Int32 { 128 + signal.load(ordering: .relaxed) }
}
