import SentioKit
import Synchronization

/// Hands events to the sinks one at a time, in one order for all of them, whichever thread they come from.
final class EventHub: Sendable {
    private let sinks: [any RunEventSink]
    private let turn = Mutex(())

    init(_ sinks: [any RunEventSink]) { self.sinks = sinks }

    func emit(_ event: RunEvent) {
        turn.withLock { _ in for sink in sinks { sink.receive(event) } }
    }
}
