import Synchronization

/// An in-memory test double of the engine's services: it records every call.
public final class RecordingServices: StageServices {
    private struct State {
        var lines: [String] = []
        var warnings: [String] = []
        var remarks: [String] = []
        var metrics: [String: Double] = [:]
        var series: [String: [Int: Double]] = [:]
        var checkpoints: [String: [UInt8]] = [:]
        var isCancelled = false
    }
    private let state = Mutex(State())

    /// Nothing recorded yet.
    public init() {}

    /// Lines of the log.
    public var lines: [String] { state.withLock(\.lines) }
    /// Warnings about the result.
    public var warnings: [String] { state.withLock(\.warnings) }
    /// Remarks about this attempt.
    public var remarks: [String] { state.withLock(\.remarks) }
    /// The last value of each metric, by name.
    public var metrics: [String: Double] { state.withLock(\.metrics) }
    /// Each series, by name and step.
    public var series: [String: [Int: Double]] { state.withLock(\.series) }

    /// Appends to `lines`.
    public func log(_ line: String) { state.withLock { $0.lines.append(line) } }
    /// Appends to `warnings`.
    public func warn(_ sentence: String) { state.withLock { $0.warnings.append(sentence) } }
    /// Appends to `remarks`.
    public func remark(_ sentence: String) { state.withLock { $0.remarks.append(sentence) } }
    /// Ignored.
    public func progress(done: Int, of total: Int, note: String) {}
    /// Sets an entry of `metrics`.
    public func metric(_ name: String, _ value: Double) { state.withLock { $0.metrics[name] = value } }
    /// Adds a point to `series`.
    public func series(_ name: String, step: Int, _ value: Double) {
        state.withLock { $0.series[name, default: [:]][step] = value }
    }
    /// Whether `cancel` was called.
    public var isCancelled: Bool { state.withLock(\.isCancelled) }
    /// Asks the stage to stop.
    public func cancel() { state.withLock { $0.isCancelled = true } }
    /// Keeps a checkpoint in memory.
    public func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) {
        saveCheckpoint(bytes, name: name)
    }
    /// Keeps a checkpoint as if an earlier attempt had left it.
    public func saveCheckpoint(_ bytes: [UInt8], name: String) { state.withLock { $0.checkpoints[name] = bytes } }
    /// Removes all checkpoints, as the engine does when a stage has finished.
    public func removeCheckpoints() { state.withLock { $0.checkpoints = [:] } }
    /// The checkpoint of that name that was kept last.
    public func loadCheckpoint(name: String) -> [UInt8]? { state.withLock { $0.checkpoints[name] } }
}
