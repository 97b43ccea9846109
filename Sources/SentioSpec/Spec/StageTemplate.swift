import SentioKit

/// A stage or group of the file, decoded once; a group makes many stages of it.
struct StageTemplate {
    var spec: StageSpec
    /// Set for a group.
    var group: Group?

    struct Group {
        let expansion: GroupExpansion
        let members: [StageTemplate]
        /// The group's parameters, with its defaults filled in.
        let configuration: Configuration
        /// Where each of the group's parameters stands.
        let parameterOrigins: [String: String]
    }

    /// Whether it is a group with a fault, which has been reported.
    var isBroken = false

    /// How many stages it becomes; a number that is too large stops at `limit`.
    func count(limit: Int) -> Int {
        guard let group else { return 1 }
        let members = group.members.reduce(0) { min(limit, $0 + $1.count(limit: limit)) }
        let (copies, overflows) = members.multipliedReportingOverflow(by: group.expansion.copies.count)
        return overflows ? limit : min(limit, copies + group.expansion.made.count)
    }
}
