import Dispatch
import SentioBase
import SentioEngine
import SentioKit

/// Turns SIGINT, SIGTERM and SIGHUP into a clean stop: finished work is kept, and the next run resumes. A second signal
/// kills the commands that are still running and exits immediately. Under `nohup`, SIGHUP is ignored.
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
                say("Stopping; finished work is kept. Interrupt again to kill what is still running.")
                cancellation.cancel(signal: number)
            }
            source.resume()
            return source
        }
    }
}
