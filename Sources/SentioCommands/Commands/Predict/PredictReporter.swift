import SentioKit
import Synchronization

/// The progress of a prediction on one line of a terminal; silent elsewhere.
final class PredictReporter: RunEventSink {
    private struct State {
        var isShown = false
        var text = ""
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(_ terminal: Terminal) { self.terminal = terminal }

    func receive(_ event: RunEvent) {
        guard terminal.isTerminal, case .stageProgress(let progress) = event, progress.total > 0 else { return }
        show("\(progress.stage)  \(progress.done)/\(progress.total)")
    }

    private func show(_ text: String) {
        state.withLock { state in
            guard state.text != text else { return }
            state = State(isShown: true, text: text)
            Output.control("\r\u{1B}[K" + String(text.prefix(max(10, terminal.width ?? 80) - 1)))
        }
    }

    /// Clears the line.
    func end() {
        state.withLock { state in
            if state.isShown { Output.control("\r\u{1B}[K") }
            state = State()
        }
    }
}
