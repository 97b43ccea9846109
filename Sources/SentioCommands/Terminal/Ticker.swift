import Dispatch

/// Calls a closure twice a second until it is deallocated.
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
