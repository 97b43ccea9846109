import SentioKit

/// `run --json`: prints one event per line on standard output, in order; the last is `run.finished`.
struct JSONReporter: RunEventSink {
    func receive(_ event: RunEvent) { Output.json(event.value) }
}
