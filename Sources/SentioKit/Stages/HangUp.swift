import SentioBase

/// What this process was told by whoever started it to do about SIGHUP: `nohup` has it ignored, and so it stays.
public enum HangUp {
    /// - precondition: first asked for before the process changes what it does about the signal.
    public static let isIgnored: Bool = {
        var action = sigaction()
        guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
        return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #elseif canImport(Musl)
        return unsafeBitCast(action.__sa_handler.sa_handler, to: Int.self) == 1
        #else
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #endif
    }()
}
