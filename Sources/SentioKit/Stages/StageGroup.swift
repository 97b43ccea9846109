/// A kind that stands for a group of stages: `cross-validate`, `stack`.
///
/// In the file a group has members under `stages:`. When the file is read, the group is replaced by ordinary stages: as
/// many copies of its members as it wants, and stages of its own around them. Caching, plan, parallelism, resuming and
/// the leakage guard therefore know nothing of groups, and any kind can be a member, a group too.
///
/// The group `cv` with the member `ridge` in the copies `fold=0`, `fold=1` becomes `cv.ridge@fold=0`,
/// `cv.ridge@fold=1`, and what the group makes itself: `cv.folds`, `cv.split@fold=0`, …, `cv.ridge`, `cv`.
public protocol StageGroup: Sendable {
    /// The name in `uses:`, in kebab case.
    static var kind: String { get }
    /// One sentence for `sentio-pipeline stages`.
    static var summary: String { get }
    static var parameters: [any ParameterDefinition] { get }
    /// What stands under the group's own `in:`.
    static var inputs: [InputPort] { get }
    /// What the stage that bears the group's name gives.
    static var outputs: [OutputPort] { get }
    /// What each copy of the members can refer to beside its siblings: the split of its fold. No member can have these
    /// names.
    static var provided: [OutputPort] { get }
    /// Further names that no member can have.
    static var reserved: [String] { get }

    /// - throws: `ConfigurationErrors` for values that do not go together; single values are checked before.
    init(_ configuration: Configuration) throws(ConfigurationErrors)

    /// The stages that the group becomes. Called once for a group in the file, wherever it is copied to. Deterministic.
    /// - throws: `StageFailure` for members that make no group of this kind.
    func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion
}

extension StageGroup {
    public static var reserved: [String] { [] }
}

/// A member of a group, as the group needs to know it.
public struct GroupMember: Sendable {
    /// Its name in the group: `ridge`; of a matrix `ridge@alpha=1`.
    public let name: String
    public let kind: String
    public let outputs: [OutputPort]

    public init(name: String, kind: String, outputs: [OutputPort]) {
        self.name = name
        self.kind = kind
        self.outputs = outputs
    }

    /// Its first output of a type.
    public func output(_ type: ArtifactType) -> String? { outputs.first { $0.type == type }?.name }
}

/// What a group becomes: copies of its members, and stages of its own.
public struct GroupExpansion: Sendable {
    /// Where an input of a stage comes from.
    public enum Source: Sendable, Equatable {
        /// What the group's own input is connected to.
        case input(String)
        /// A stage that the group makes.
        case made(String, output: String)
        /// A member in one of the copies.
        case member(String, copy: String, output: String)
    }

    /// One copy of all members.
    public struct Copy: Sendable {
        /// What tells it from the others: `fold=3`; of letters, digits, `_`, `-`, `=` and `,`.
        public let label: String
        /// Where what the group provides comes from, by name.
        public let provided: [String: Source]

        public init(_ label: String, provided: [String: Source]) {
            self.label = label
            self.provided = provided
        }
    }

    /// A stage that the group makes.
    public struct Made: Sendable {
        /// Below the group: `folds`, `split@fold=3`; empty for the stage that bears the group's name.
        public let name: String
        public let kind: String
        public let inputs: [(port: String, source: Source)]
        /// Parameters that also are the group's have the group's places in the file.
        public let parameters: [String: Value]

        public init(
            _ name: String, _ kind: any StageKind.Type, inputs: [(port: String, source: Source)],
            parameters: [String: Value] = [:]
        ) {
            self.name = name
            self.kind = kind.kind
            self.inputs = inputs
            self.parameters = parameters
        }
    }

    public let copies: [Copy]
    public let made: [Made]

    /// - precondition: exactly one stage bears the group's name, and no two copies and no two stages share a name.
    public init(copies: [Copy], made: [Made]) {
        precondition(made.count { $0.name.isEmpty } == 1, "One stage of a group bears its name.")
        precondition(Set(copies.map(\.label)).count == copies.count, "Two copies of a group's members have one label.")
        precondition(Set(made.map(\.name)).count == made.count, "Two stages of a group have one name.")
        self.copies = copies
        self.made = made
    }
}
