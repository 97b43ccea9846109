/// Identifies a process even after its process id has been reused.
struct ProcessIdentity: Sendable, Equatable {
    var processID: Int
    /// Its start time in the system's own format (Linux: clock ticks since boot); nil if the system does not report it.
    var start: String?
    /// An id that changes with every boot; nil if the system does not report it.
    var boot: String?
    var host: String
}

/// Looks up processes and run locks: on the system, or simulated in tests.
protocol ProcessProbe: Sendable {
    var host: String { get }
    var boot: String? { get }
    /// Whether a process with that id exists on this machine.
    func exists(processID: Int) -> Bool
    /// The start time of that process; nil if there is none or the system does not report it.
    func start(processID: Int) -> String?
    /// Acquires the lock of a run that starts; nil if locks are not available. The run is then tracked by its process.
    func lock(run: String, storeAt path: String) -> RunLock?
    /// The state of a run's lock.
    func lockState(of run: String, storeAt path: String) -> RunLock.State
}

extension ProcessProbe {
    func lock(run: String, storeAt path: String) -> RunLock? { nil }
    func lockState(of run: String, storeAt path: String) -> RunLock.State { .unknown }
}

extension ProcessProbe {
    func identity(of processID: Int) -> ProcessIdentity {
        ProcessIdentity(processID: processID, start: start(processID: processID), boot: boot, host: host)
    }

    /// Whether a run's process has certainly exited. A free lock proves this only on the same machine: a shared disk
    /// may not show the locks of other machines.
    func isGone(_ process: ProcessIdentity, lock: RunLock.State) -> Bool {
        switch lock {
        case .held: false
        case .free: process.host == host || process.boot != nil && process.boot == boot
        case .unknown: isGone(process)
        }
    }

    /// Whether a process has certainly exited. A process on another host cannot be checked from here and counts as
    /// running.
    func isGone(_ process: ProcessIdentity) -> Bool {
        guard process.host == host else { return false }
        if let then = process.boot, let now = boot, then != now { return true }
        guard exists(processID: process.processID) else { return true }
        guard let then = process.start, let now = start(processID: process.processID) else { return false }
        return then != now
    }
}
