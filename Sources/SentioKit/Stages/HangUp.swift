import SentioBase

/// The disposition of SIGHUP that this process inherited: under `nohup` the signal is ignored, and stays so.
public enum HangUp {
    /// Whether the process was started with SIGHUP ignored.
    /// - Precondition: First read before the process changes the disposition.
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
