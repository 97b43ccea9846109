import Dispatch
import SentioBase
import SentioEngine
import SentioKit

/// Turns Ctrl-C, a polite kill and the end of the terminal into a clean stop: what is finished is kept, the next run
/// goes on. A second one kills the commands that do not stop and ends at once. Under `nohup` the end of the terminal
/// changes nothing.
final class SignalTrap {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation, say: @escaping @Sendable (String) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        sources = ([SIGINT, SIGTERM] + (HangUp.isIgnored ? [] : [SIGHUP])).map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if cancellation.isCancelled {
                    ProcessGroups.killAll()
                    _exit(128 + number)
                }
                say("Stopping; what is finished is kept. Press again to kill what does not stop.")
                cancellation.cancel(signal: number)
            }
            source.resume()
            return source
        }
    }
}
