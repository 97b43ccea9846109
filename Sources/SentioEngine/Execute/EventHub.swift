import SentioKit
import Synchronization

/// Hands events to the sinks one at a time, in one order for all of them, whichever thread they come from.
final class EventHub: Sendable {
    private let sinks: [any RunEventSink]
    private let secrets: Secrets
    private let turn = Mutex(())

    /// - parameter secrets: what no sink may see.
    init(_ sinks: [any RunEventSink], secrets: Secrets = Secrets()) {
        self.sinks = sinks
        self.secrets = secrets
    }

    func emit(_ event: RunEvent) {
        let event = event.masked(secrets)
        turn.withLock { _ in for sink in sinks { sink.receive(event) } }
    }
}
