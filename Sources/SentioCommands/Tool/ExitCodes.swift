import ArgumentParser

/// Exit codes other than 0, 1 and those of runs; the help of the program lists all.
enum ExitCodes {
    static let invalidPipeline = ExitCode(3)
    static let stale = ExitCode(4)
    static let verifyMismatch = ExitCode(8)
}
