public import SentioKit

/// A stage bound to its kind: parameters decoded, inputs resolved.
public struct StageNode: Sendable {
    /// Where an input comes from.
    public struct Input: Sendable {
        /// Input port.
        public let port: String
        /// Name of the stage that it comes from.
        public let producer: String
        /// Output port of the producer.
        public let output: OutputPort
    }

    /// Unique in the pipeline.
    public let name: String
    /// Name of its kind.
    public let kind: String
    /// Version of its kind, part of its key.
    public let version: Int
    /// The configured stage, ready to run.
    public let stage: any StageKind
    /// Decoded parameters with their defaults.
    public let configuration: Configuration
    /// Connected inputs.
    public internal(set) var inputs: [Input]
    /// Stages that write files which are sources of this one.
    public internal(set) var fileProducers: [String]
    /// From `on_error:`; what to do if an item fails.
    public let onError: ItemFailurePolicy
    /// Cores that it occupies: from `resources:`, else from its kind.
    public let cores: Resources.Cores
    /// From `description:`.
    public let description: String?
    /// Where the value of each parameter comes from, by name: `phase4.yaml:14`.
    public let parameterOrigins: [String: String]
    /// Where the file declares it; nil if not in a file.
    public let location: SourceLocation?
    /// The group that made the stage; nil for none.
    public let group: Group?
    /// Parts of its parameters that must not be shown or stored.
    package internal(set) var secrets = Secrets()

    /// The place of a stage in a group.
    public struct Group: Sendable, Equatable {
        /// The name of the group, without the labels of copies: `cv`, `cv.blend`.
        public let name: String
        /// A member without the label of its copy, `cv.ridge`; the group for stages that the group itself adds.
        public let label: String
        /// The common name of its copies, `cv.ridge@fold=*`; nil if there is only one.
        public let row: String?
        /// Whether it is a copy of a member; false for stages that the group itself adds.
        let isMember: Bool
    }

    /// The stages it waits for, each once, in byte order.
    public var dependencies: [String] {
        // This is on a hot path, and most stages depend on a single one.
        let all = inputs.map(\.producer) + fileProducers
        return all.count < 2 ? all : Array(Set(all)).sorted()
    }
    /// Its output ports.
    public var outputs: [OutputPort] { stage.outputs }
}
