import Dispatch

/// Calls twice a second, until it is gone.
final class Ticker {
    private let timer: any DispatchSourceTimer

    init(_ call: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + 0.5, repeating: 0.5)
        timer.setEventHandler(handler: call)
        timer.resume()
    }

    deinit { timer.cancel() }
}
