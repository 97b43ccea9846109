/// How a run ended, in words. A run with a failed expectation did not succeed, even if all its stages did.
public struct RunEnding: Sendable, Equatable {
    /// Status by the stages alone.
    public let status: RunStatus
    /// Number of `expect:` lines that were checked.
    public let expectations: Int
    /// Number of checked lines that failed.
    public let failedExpectations: Int

    /// Counts come from the history of runs.
    public init(status: RunStatus, expectations: Int, failed: Int) {
        self.status = status
        self.expectations = expectations
        failedExpectations = failed
    }

    /// The ending of a run that has just finished.
    public init(_ outcome: RunOutcome) {
        self.init(
            status: outcome.status, expectations: outcome.expectations.count,
            failed: outcome.expectations.count { !$0.holds })
    }

    /// Whether all stages succeeded but an expectation failed.
    public var hasFailedExpectations: Bool { status == .succeeded && failedExpectations > 0 }

    /// For a list: `succeeded`, `expect failed`.
    public var word: String { hasFailedExpectations ? "expect failed" : status.rawValue }

    /// `succeeded`; `finished, but 1 of 3 expectations failed`.
    public var clause: String { clause("") }

    /// `clause` with a duration after the first word.
    /// - Parameter time: ` in 3 s`.
    public func clause(_ time: String) -> String {
        guard hasFailedExpectations else { return status.rawValue + time }
        return
            "finished\(time), but \(failedExpectations) of \(expectations) expectation\(expectations == 1 ? "" : "s") "
            + "failed"
    }
}
