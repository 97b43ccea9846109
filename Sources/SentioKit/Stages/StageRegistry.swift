/// The kinds a binary knows. Lists are explicit: `StageRegistry(BuiltinStages.all + [MyStage.self])`.
public struct StageRegistry: Sendable {
    private let byKind: [String: any Stage.Type]

    /// - precondition: no two kinds share a name, and every kind's declarations are sound.
    public init(_ stages: [any Stage.Type]) {
        byKind = Dictionary(stages.map { ($0.kind, $0) }) { first, second in
            preconditionFailure("Two stage kinds are called \(first.kind): \(first) and \(second).")
        }
        for stage in stages {
            let names = stage.parameters.map(\.name)
            precondition(Set(names).count == names.count, "The kind \(stage.kind) declares a parameter twice.")
        }
    }

    public var kinds: [String] { byKind.keys.sorted() }
    public subscript(kind: String) -> (any Stage.Type)? { byKind[kind] }
}
