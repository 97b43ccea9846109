/// How a run came out, in words for people: a run of which an expectation failed did not succeed, whatever its stages
/// did.
public struct RunEnding: Sendable, Equatable {
    public let status: RunStatus
    /// Lines of `expect:` that were asked.
    public let expectations: Int
    public let failedExpectations: Int

    public init(status: RunStatus, expectations: Int, failed: Int) {
        self.status = status
        self.expectations = expectations
        failedExpectations = failed
    }

    public init(_ outcome: RunOutcome) {
        self.init(
            status: outcome.status, expectations: outcome.expectations.count,
            failed: outcome.expectations.count { !$0.holds })
    }

    public var hasFailedExpectations: Bool { status == .succeeded && failedExpectations > 0 }

    /// For a list: `succeeded`, `expect failed`.
    public var word: String { hasFailedExpectations ? "expect failed" : status.rawValue }

    /// `succeeded`; `finished, but 1 of 3 expectations failed`.
    public var clause: String { clause("") }

    /// - parameter time: what stands behind the first word: ` in 3 s`.
    public func clause(_ time: String) -> String {
        guard hasFailedExpectations else { return status.rawValue + time }
        return
            "finished\(time), but \(failedExpectations) of \(expectations) expectation\(expectations == 1 ? "" : "s") "
            + "failed"
    }
}
