/// A named, typed input of a stage kind.
///
/// A kind declares each port once, as a constant, and reads through that constant, so that a misspelled port does not
/// compile:
///
///     static let features = InputPort("features", .featureTable, "One row a song.")
///     static let inputs = [features]
///     …
///     let table = try context.numbers(Self.features)
public struct InputPort: Sendable, Hashable, CustomStringConvertible {
    /// What the pipeline file calls it, under `in:`.
    public let name: String
    /// The artifact types that it accepts, any one of them.
    public let types: [ArtifactType]
    /// Whether a stage without this input is refused before the run.
    public let isRequired: Bool
    /// One sentence for `sentio-pipeline stages`.
    public let summary: String

    /// An input that accepts several types; `StageContext.form(of:)` tells which layout is connected.
    public init(_ name: String, anyOf types: [ArtifactType], isRequired: Bool = true, _ summary: String = "") {
        self.name = name
        self.types = types
        self.isRequired = isRequired
        self.summary = summary
    }

    /// An input of one type.
    public init(_ name: String, _ type: ArtifactType, isRequired: Bool = true, _ summary: String = "") {
        self.init(name, anyOf: [type], isRequired: isRequired, summary)
    }

    public var description: String { name }

    /// Whether every type that it accepts is a collection.
    var isCollection: Bool { !types.isEmpty && types.allSatisfy { $0.form == .collection } }
}

/// A named, typed output of a stage kind, declared once like an input: `try context.write(Self.model, …)`.
public struct OutputPort: Sendable, Hashable, CustomStringConvertible {
    /// What the pipeline file calls it: `ridge.model`.
    public let name: String
    /// The type of the artifact that the stage writes.
    public let type: ArtifactType
    /// One sentence for `sentio-pipeline stages`.
    public let summary: String
    /// Where the stage leaves the files in the user's folder (relative to the pipeline file), for kinds that do: the
    /// engine restores them when they are missing or changed. Nil for artifacts that live in the store alone.
    public let workspacePath: String?

    /// An output of one type.
    public init(_ name: String, _ type: ArtifactType, _ summary: String, workspacePath: String? = nil) {
        self.name = name
        self.type = type
        self.summary = summary
        self.workspacePath = workspacePath
    }

    public var description: String { name }
}
