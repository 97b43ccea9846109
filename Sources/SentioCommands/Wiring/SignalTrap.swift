import Dispatch
import SentioEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Turns Ctrl-C and a polite kill into a clean stop: what is finished is kept, the next run goes on. A second one ends at once.
final class SignalTrap {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation, say: @escaping @Sendable (String) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if cancellation.isCancelled { _exit(128 + number) }
                say("Stopping; what is finished is kept. Once more to stop at once.")
                cancellation.cancel(signal: number)
            }
            source.resume()
            return source
        }
    }
}
