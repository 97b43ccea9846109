/// The kinds that a program knows. Lists are explicit: `StageRegistry(BuiltinStages.all + [MyStage.self])`.
public struct StageRegistry: Sendable {
    private let byKind: [String: any StageKind.Type]
    private let groupsByKind: [String: any StageGroup.Type]
    /// Measures by which claims can compare songs: `ccc`, `r2`…; empty: any name is accepted.
    public let measures: [String]

    /// - Precondition: No two kinds share a name, and no kind declares a parameter twice.
    public init(_ stages: [any StageKind.Type], groups: [any StageGroup.Type] = [], measures: [String] = []) {
        self.measures = measures
        byKind = Dictionary(stages.map { ($0.kind, $0) }) { first, second in
            preconditionFailure("Two stage kinds are called \(first.kind): \(first) and \(second).")
        }
        groupsByKind = Dictionary(groups.map { ($0.kind, $0) }) { first, second in
            preconditionFailure("Two groups are called \(first.kind): \(first) and \(second).")
        }
        for (kind, parameters) in stages.map({ ($0.kind, $0.parameters) }) + groups.map({ ($0.kind, $0.parameters) }) {
            let names = parameters.map(\.name)
            precondition(Set(names).count == names.count, "The kind \(kind) declares a parameter twice.")
        }
        for group in groups {
            precondition(byKind[group.kind] == nil, "A stage kind and a group are both called \(group.kind).")
        }
    }

    /// Kinds of single stages, in order.
    public var kinds: [String] { byKind.keys.sorted() }
    /// Kinds of groups, in order.
    public var groupKinds: [String] { groupsByKind.keys.sorted() }
    /// Everything that may stand after `uses:`, in order.
    public var allKinds: [String] { (kinds + groupKinds).sorted() }

    /// The stage kind of that name.
    public subscript(kind: String) -> (any StageKind.Type)? { byKind[kind] }
    /// The group of that name.
    public subscript(group kind: String) -> (any StageGroup.Type)? { groupsByKind[kind] }
}
