import Synchronization

/// The in-memory twin of the engine's services, for tests: it records every call.
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

    public init() {}

    public var lines: [String] { state.withLock(\.lines) }
    public var warnings: [String] { state.withLock(\.warnings) }
    public var remarks: [String] { state.withLock(\.remarks) }
    public var metrics: [String: Double] { state.withLock(\.metrics) }
    public var series: [String: [Int: Double]] { state.withLock(\.series) }

    public func log(_ line: String) { state.withLock { $0.lines.append(line) } }
    public func warn(_ sentence: String) { state.withLock { $0.warnings.append(sentence) } }
    public func remark(_ sentence: String) { state.withLock { $0.remarks.append(sentence) } }
    public func progress(done: Int, of total: Int, note: String) {}
    public func metric(_ name: String, _ value: Double) { state.withLock { $0.metrics[name] = value } }
    public func series(_ name: String, step: Int, _ value: Double) {
        state.withLock { $0.series[name, default: [:]][step] = value }
    }
    public var isCancelled: Bool { state.withLock(\.isCancelled) }
    public func cancel() { state.withLock { $0.isCancelled = true } }
    public func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) {
        saveCheckpoint(bytes, name: name)
    }
    /// As if an earlier attempt had left it.
    public func saveCheckpoint(_ bytes: [UInt8], name: String) { state.withLock { $0.checkpoints[name] = bytes } }
    /// As the engine does when a stage has finished.
    public func removeCheckpoints() { state.withLock { $0.checkpoints = [:] } }
    public func loadCheckpoint(name: String) -> [UInt8]? { state.withLock { $0.checkpoints[name] } }
}
