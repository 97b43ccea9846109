import ArgumentParser

/// How the program ends where it is not by 0, 1 or a run's own outcome; the help of the program lists all.
enum ExitCodes {
    static let invalidPipeline = ExitCode(3)
    static let stale = ExitCode(4)
    static let verifyMismatch = ExitCode(8)
}
