import SentioKit
import Synchronization

/// Hands events from any thread to the sinks, one at a time and in the same order for all of them.
final class EventHub: Sendable {
    private let sinks: [any RunEventSink]
    private let secrets: Secrets
    private let turn = Mutex(())

    /// - parameter secrets: values that no sink may see.
    init(_ sinks: [any RunEventSink], secrets: Secrets = Secrets()) {
        self.sinks = sinks
        self.secrets = secrets
    }

    func emit(_ event: RunEvent) {
        let event = event.masked(secrets)
        turn.withLock { _ in for sink in sinks { sink.receive(event) } }
    }
}
