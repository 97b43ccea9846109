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
    /// What may be set under `with:`, in the order in which it is documented.
    static var parameters: [any ParameterDefinition] { get }
    /// What may be connected under the group's own `in:`.
    static var inputs: [InputPort] { get }
    /// The outputs of the stage that has the group's name.
    static var outputs: [OutputPort] { get }
    /// What the members of each copy can refer to besides each other: the split of their fold. No member can have these
    /// names.
    static var provided: [OutputPort] { get }
    /// Further names that no member can have.
    static var reserved: [String] { get }

    /// Creates a group.
    /// - Throws: `ConfigurationErrors` for values that contradict each other; single values are checked before.
    init(_ configuration: Configuration) throws(ConfigurationErrors)

    /// The stages that replace the group. Called once per group in the file, however often it is copied. Deterministic.
    /// - Throws: `StageFailure` for members that this kind of group cannot work with.
    func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion
}

extension StageGroup {
    /// None.
    public static var reserved: [String] { [] }
}

/// A member of a group, as the group needs to know it.
public struct GroupMember: Sendable {
    /// Its name in the group: `ridge`; of a matrix `ridge@alpha=1`.
    public let name: String
    /// Its kind, as under `uses:`.
    public let kind: String
    /// Its outputs, with its parameters.
    public let outputs: [OutputPort]

    /// A member as the file declares it.
    public init(name: String, kind: String, outputs: [OutputPort]) {
        self.name = name
        self.kind = kind
        self.outputs = outputs
    }

    /// Its first output of a type.
    public func output(_ type: ArtifactType) -> OutputPort? { outputs.first { $0.type == type } }
}

/// What a group becomes: copies of its members, and stages of its own.
public struct GroupExpansion: Sendable {
    /// Where an input of a stage comes from.
    public enum Source: Sendable, Equatable {
        /// What the group's own input is connected to; where it is not connected, neither is the stage's.
        case input(InputPort)
        /// A stage that the group makes.
        case made(String, output: OutputPort)
        /// A member in one of the copies.
        case member(String, copy: String, output: OutputPort)
    }

    /// One copy of all members.
    public struct Copy: Sendable {
        /// What distinguishes it from the others: `fold=3`; of letters, digits, `_`, `-`, `=` and `,`.
        public let label: String
        /// Where each of the outputs that the group provides comes from.
        public let provided: [OutputPort: Source]

        /// A copy with this label.
        public init(_ label: String, provided: [OutputPort: Source]) {
            self.label = label
            self.provided = provided
        }
    }

    /// A stage that the group makes.
    public struct Made: Sendable {
        /// Below the group: `folds`, `split@fold=3`; empty for the stage that bears the group's name.
        public let name: String
        /// Its kind, as under `uses:`.
        public let kind: String
        /// What its inputs are connected to.
        public let inputs: [(port: InputPort, source: Source)]
        /// What stands under `with:`. Errors about a parameter that the group has too point to the group's place in the
        /// file.
        public let parameters: [String: Value]

        /// A stage of a kind.
        public init(
            _ name: String, _ kind: any StageKind.Type, inputs: [(port: InputPort, source: Source)],
            parameters: [String: Value] = [:]
        ) {
            self.name = name
            self.kind = kind.kind
            self.inputs = inputs
            self.parameters = parameters
        }
    }

    /// The copies of the members.
    public let copies: [Copy]
    /// The stages around them.
    public let made: [Made]

    /// - Precondition: Exactly one stage bears the group's name, and no two copies and no two stages share a name.
    public init(copies: [Copy], made: [Made]) {
        precondition(made.count { $0.name.isEmpty } == 1, "Exactly one stage of a group has the group's name.")
        precondition(Set(copies.map(\.label)).count == copies.count, "Two copies of a group's members share a label.")
        precondition(Set(made.map(\.name)).count == made.count, "Two stages of a group share a name.")
        self.copies = copies
        self.made = made
    }
}
