/// A named, typed input of a stage kind.
public struct InputPort: Sendable {
    public let name: String
    /// Any of these is accepted.
    public let types: [ArtifactType]
    public let isRequired: Bool
    public let summary: String

    public init(_ name: String, _ types: ArtifactType..., isRequired: Bool = true, _ summary: String) {
        self.name = name
        self.types = types
        self.isRequired = isRequired
        self.summary = summary
    }

    /// A required input of any of some types.
    public init(_ name: String, anyOf types: [ArtifactType], _ summary: String = "") {
        self.name = name
        self.types = types
        isRequired = true
        self.summary = summary
    }

    /// A required input of one type.
    public init(_ name: String, _ type: ArtifactType, _ summary: String) {
        self.init(name, type, isRequired: true, summary)
    }
}

extension InputPort {
    /// Whether all that it takes are collections.
    var isCollection: Bool { !types.isEmpty && types.allSatisfy { $0.form == .collection } }
}

/// A named, typed output of a stage kind.
public struct OutputPort: Sendable {
    public let name: String
    public let type: ArtifactType
    public let summary: String
    /// Where the stage leaves the files in the user's folder (relative to the pipeline file), for kinds that do:
    /// the engine puts them back when they are missing or changed. Nil for artifacts that live in the store alone.
    public let workspacePath: String?

    public init(_ name: String, _ type: ArtifactType, _ summary: String, workspacePath: String? = nil) {
        self.name = name
        self.type = type
        self.summary = summary
        self.workspacePath = workspacePath
    }
}
