import SentioBase
import SentioKit
import Synchronization

/// The engine's side of a running stage: log file, events, metrics, checkpoints.
final class EngineServices: StageServices {
    private struct State {
        var metrics: [String: Double] = [:]
        var series: [String: [Int: Double]] = [:]
        var warnings: [String] = []
        /// How many of them are saved beside the checkpoints.
        var savedWarnings = 0
        var log: Int32 = -1
        var lastProgress = 0.0
        /// Seconds that the attempts took which this one resumes.
        var secondsBefore = 0.0
    }

    private let stage: String
    private let secrets: Secrets
    private let hub: EventHub
    private let cancellation: Cancellation
    private let logPath: String
    private let checkpoints: String
    private let temporary: @Sendable () -> String
    private let note: @Sendable (CheckpointMark, Double) -> CheckpointNote
    private let stopwatch = Stopwatch()
    private let state = Mutex(State())

    /// - parameter note: makes the note at the end of a checkpoint from its mark and seconds.
    init(
        stage: String, secrets: Secrets = Secrets(), hub: EventHub, cancellation: Cancellation, logPath: String,
        checkpoints: String,
        note: @escaping @Sendable (CheckpointMark, Double) -> CheckpointNote,
        temporary: @escaping @Sendable () -> String
    ) {
        self.note = note
        self.stage = stage
        self.secrets = secrets
        self.hub = hub
        self.cancellation = cancellation
        self.logPath = logPath
        self.checkpoints = checkpoints
        self.temporary = temporary
    }

    deinit { state.withLock { if $0.log >= 0 { close($0.log) } } }

    var metrics: [String: Double] { state.withLock(\.metrics) }
    var series: [String: [SeriesPoint]] {
        state.withLock {
            $0.series.mapValues { points in
                points.sorted { $0.key < $1.key }.map { SeriesPoint(step: $0.key, value: $0.value) }
            }
        }
    }
    var isCancelled: Bool { cancellation.isCancelled }
    /// Of this attempt and those that it resumes.
    var seconds: Double { state.withLock(\.secondsBefore) + stopwatch.seconds }

    func log(_ line: String) {
        write(line)
        hub.emit(.stageLog(stage: stage, line: line))
    }

    /// All warnings, each once, as the record keeps them.
    var warnings: [String] { state.withLock { StageWarnings.kept($0.warnings) } }

    func warn(_ sentence: String) {
        // The record keeps it, so it must not hold secrets.
        let sentence = secrets.masked(sentence)
        state.withLock { if !$0.warnings.contains(sentence) { $0.warnings.append(sentence) } }
        remark(sentence)
    }

    func remark(_ sentence: String) {
        write("warning: " + sentence)
        hub.emit(.warning(stage: stage, sentence: sentence))
    }

    /// Events at most ten times a second, and for the last step.
    func progress(done: Int, of total: Int, note: String) {
        let time = SteadyClock.seconds
        let isDue = state.withLock { state in
            guard done == total || time - state.lastProgress > 0.1 else { return false }
            state.lastProgress = time
            return true
        }
        if isDue { hub.emit(.stageProgress(StageProgress(stage: stage, done: done, total: total, note: note))) }
    }

    func metric(_ name: String, _ value: Double) {
        state.withLock { $0.metrics[name] = value }
        hub.emit(.metric(stage: stage, name: name, value: value))
    }

    func series(_ name: String, step: Int, _ value: Double) {
        state.withLock { state in
            state.series[name, default: [:]][step] = value
        }
        hub.emit(.series(stage: stage, name: name, step: step, value: value))
    }

    func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) throws {
        precondition(!name.contains("/"), "A checkpoint's name is a file name.")
        try WorkspaceFile.makeFolder(checkpoints)
        try saveWarnings()
        try Files.writeAtomically(
            bytes, note(mark, seconds).trailer, to: checkpoints + "/" + name, temporary: temporary())
    }

    func goesOn(from mark: CheckpointMark) {
        let before = CheckpointNote(directory: checkpoints)?.seconds ?? 0
        state.withLock { $0.secondsBefore = before }
    }

    func loadCheckpoint(name: String) throws -> [UInt8]? {
        guard Files.exists(checkpoints) else { return nil }
        try WorkspaceFile.makeFolder(checkpoints)
        let path = checkpoints + "/" + name
        guard Files.exists(path) else { return nil }
        var bytes = try FileBytes.read(path, followsLinks: false)
        CheckpointNote.remove(from: &bytes)
        loadWarnings()
        return bytes
    }

    // A stage that resumes from a checkpoint keeps the warnings of the attempt before it.

    private var warningsPath: String { checkpoints + "/warnings.json" }

    private func saveWarnings() throws {
        let unsaved = state.withLock { $0.warnings.count > $0.savedWarnings ? $0.warnings : nil }
        guard let unsaved else { return }
        let text = JSON.text(.list(StageWarnings.kept(unsaved).map(Value.string)))
        try Files.writeAtomically(Array(text.utf8), to: warningsPath, temporary: temporary())
        state.withLock { $0.savedWarnings = unsaved.count }
    }

    private func loadWarnings() {
        guard let bytes = try? FileBytes.read(warningsPath, followsLinks: false), let saved = try? JSON.parse(bytes)
        else { return }
        let known = state.withLock(\.warnings)
        for sentence in saved.list?.compactMap(\.string) ?? [] where !known.contains(sentence) { warn(sentence) }
        state.withLock { $0.savedWarnings = $0.warnings.count }
    }

    private func write(_ line: String) {
        state.withLock { state in
            if state.log < 0 {
                state.log = (try? WorkspaceFile.open(logPath, O_WRONLY | O_CREAT | O_APPEND)).flatMap { $0 } ?? -1
            }
            // A log that cannot be written, for example because the disk is full, must not end the stage.
            let bytes = Array((secrets.masked(line) + "\n").utf8)
            if state.log >= 0 { _ = bytes.withUnsafeBytes { DescriptorWrite.all($0, to: state.log) } }
        }
    }
}
