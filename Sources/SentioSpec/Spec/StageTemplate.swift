import SentioKit

/// A stage or group of the file, decoded once. A group expands to many stages.
struct StageTemplate {
    var spec: StageSpec
    /// nil for a single stage.
    var group: Group?

    struct Group {
        let expansion: GroupExpansion
        let members: [StageTemplate]
        /// Decoded parameters of the group with their defaults.
        let configuration: Configuration
        /// Where the value of each parameter comes from, by name.
        let parameterOrigins: [String: String]
    }

    /// Whether it has a reported fault.
    var isBroken = false

    /// Number of stages that it expands to, at most `limit`.
    func count(limit: Int) -> Int {
        guard let group else { return 1 }
        let members = group.members.reduce(0) { min(limit, $0 + $1.count(limit: limit)) }
        let (copies, overflows) = members.multipliedReportingOverflow(by: group.expansion.copies.count)
        return overflows ? limit : min(limit, copies + group.expansion.made.count)
    }
}
