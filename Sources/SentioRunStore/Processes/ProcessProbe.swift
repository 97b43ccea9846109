/// A process that can be told from any other, also after its number was given to another one.
public struct ProcessIdentity: Sendable, Equatable {
    public var processID: Int
    /// When it started, as the system counts (Linux: clock ticks since boot); nil where the system does not say.
    public var start: String?
    /// Changes when the machine boots; nil where the system does not say.
    public var boot: String?
    public var host: String

    public init(processID: Int, start: String?, boot: String?, host: String) {
        self.processID = processID
        self.start = start
        self.boot = boot
        self.host = host
    }
}

/// Says which processes there are. The system, or a twin in tests.
public protocol ProcessProbe: Sendable {
    var host: String { get }
    var boot: String? { get }
    /// Whether a process with that number exists on this machine.
    func exists(processID: Int) -> Bool
    /// When that process started; nil where there is none or the system does not say.
    func start(processID: Int) -> String?
    /// Takes the lock of a run that begins; nil where there are no locks, and its process number must do.
    func lock(run: String, storeAt path: String) -> RunLock?
    /// Whether the lock of a run is held.
    func lockState(of run: String, storeAt path: String) -> RunLock.State
}

extension ProcessProbe {
    public func lock(run: String, storeAt path: String) -> RunLock? { nil }
    public func lockState(of run: String, storeAt path: String) -> RunLock.State { .unknown }
}

extension ProcessProbe {
    func identity(of processID: Int) -> ProcessIdentity {
        ProcessIdentity(processID: processID, start: start(processID: processID), boot: boot, host: host)
    }

    /// Whether a run's process is certainly gone. A lock that is free says so on this machine: on another one's disk
    /// locks of other machines may not be seen.
    func isGone(_ process: ProcessIdentity, lock: RunLock.State) -> Bool {
        switch lock {
        case .held: false
        case .free: process.host == host || process.boot != nil && process.boot == boot
        case .unknown: isGone(process)
        }
    }

    /// Whether a process is certainly gone. One on another host cannot be judged from here and is left alone.
    func isGone(_ process: ProcessIdentity) -> Bool {
        guard process.host == host else { return false }
        if let then = process.boot, let now = boot, then != now { return true }
        guard exists(processID: process.processID) else { return true }
        guard let then = process.start, let now = start(processID: process.processID) else { return false }
        return then != now
    }
}
