public import SentioKit

/// A stage bound to its kind: parameters decoded, inputs resolved.
public struct StageNode: Sendable {
    /// Where an input comes from.
    public struct Input: Sendable {
        public let port: String
        public let producer: String
        public let output: OutputPort
    }

    public let name: String
    public let kind: String
    public let version: Int
    public let stage: any StageKind
    public let configuration: Configuration
    public internal(set) var inputs: [Input]
    /// Stages that leave files which this one names among its sources.
    public internal(set) var fileProducers: [String]
    public let onError: ItemFailurePolicy
    public let cores: Resources.Cores
    public let description: String?
    /// Where each parameter's value came from, by name: `phase4.yaml:14`.
    public let parameterOrigins: [String: String]
    public let location: SourceLocation?
    /// Set where the stage comes out of a group.
    public let group: Group?
    /// What must not be shown or stored of its parameters.
    package internal(set) var secrets = Secrets()

    /// Where a stage belongs that came out of a group.
    public struct Group: Sendable, Equatable {
        /// The group's name, without the copies it stands in: `cv`, `cv.blend`.
        public let name: String
        /// A member without its copy, `cv.ridge`; for what the group makes itself, the group.
        public let label: String
        /// What its copies are called together, `cv.ridge@fold=*`; nil where there is one.
        public let row: String?
        /// Whether it is a copy of a member, not a stage that the group makes.
        public let isMember: Bool
    }

    /// The stages it waits for, without doubles, in byte order.
    public var dependencies: [String] {
        // Asked for often, and most stages of a chain have one.
        let all = inputs.map(\.producer) + fileProducers
        return all.count < 2 ? all : Array(Set(all)).sorted()
    }
    public var outputs: [OutputPort] { stage.outputs }
}
