public import SentioKit

/// The cells that a sweep wants. Recorded before its first cell runs, and again whenever the sweep is started.
public struct SweepDeclaration: Sendable, Equatable {
    /// The value of a swept parameter, with its name in the file: `ratio`, `ast.learning_rate`.
    public struct Parameter: Sendable, Equatable {
        /// The name of the parameter.
        public let name: String
        /// Its value in this cell.
        public let value: Value

        /// Creates a parameter value.
        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// One wanted run.
    public struct Cell: Sendable, Equatable {
        /// The parameters as text, equal for all replicates: `ratio=0.25,ast.dim=96`. Empty if only the replicate
        /// varies.
        public let arm: String
        /// The index of the replicate.
        public let replicate: Int
        /// The swept parameters in the order of the file.
        public let parameters: [Parameter]

        /// Creates a cell.
        public init(arm: String, replicate: Int, parameters: [Parameter]) {
            self.arm = arm
            self.replicate = replicate
            self.parameters = parameters
        }
    }

    /// Identifies the sweep by file, profile, settings, method and parameter names, so adding values or replicates
    /// keeps the id.
    public var id: String
    /// The name that the user gave the sweep.
    public var name: String?
    /// The name of the pipeline.
    public var pipeline: String
    /// The path of the pipeline file.
    public var file: String
    /// The profile of the pipeline, if one was chosen.
    public var profile: String?
    /// The resolved `sweep:` block: `method`, `parameters`, `metric`, `replicates`, `run_cap`, `expect`, `set`.
    public var spec: Value
    /// Time of the declaration in seconds since 1970.
    public var declaredAt: Double
    /// The wanted cells in execution order.
    public var cells: [Cell]

    /// Creates a declaration.
    public init(
        id: String, name: String?, pipeline: String, file: String, profile: String?, spec: Value, declaredAt: Double,
        cells: [Cell]
    ) {
        self.id = id
        self.name = name
        self.pipeline = pipeline
        self.file = file
        self.profile = profile
        self.spec = spec
        self.declaredAt = declaredAt
        self.cells = cells
    }
}
