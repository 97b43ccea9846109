import SentioKit
import Synchronization

/// Keeps the events of a run.
final class EventLog: RunEventSink {
    private let events = Mutex<[RunEvent]>([])
    func receive(_ event: RunEvent) { events.withLock { $0.append(event) } }
    var all: [RunEvent] { events.withLock { $0 } }
    var warnings: [String] { all.compactMap { if case .warning(_, let sentence) = $0 { sentence } else { nil } } }
    var started: [String] { all.compactMap { if case .stageStarted(let start) = $0 { start.stage } else { nil } } }
}

extension RunOutcome {
    /// `a executed, b cached`.
    var states: String { stages.map { "\($0.stage) \($0.state.rawValue)" }.joined(separator: ", ") }
    subscript(stage: String) -> StageOutcome? { stages.first { $0.stage == stage } }
}
