public import SentioKit

/// What a sweep wants: told to the store before its first cell runs, and again whenever the sweep is started.
public struct SweepDeclaration: Sendable, Equatable {
    /// A value of a swept parameter, by the name the file gives it: `ratio`, `ast.learning_rate`.
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// One run that is wanted.
    public struct Cell: Sendable, Equatable {
        /// The parameters as text, the same for all replicates: `ratio=0.25,ast.dim=96`. Empty where nothing but the
        /// replicate varies.
        public let arm: String
        public let replicate: Int
        /// In the order of the file.
        public let parameters: [Parameter]

        public init(arm: String, replicate: Int, parameters: [Parameter]) {
            self.arm = arm
            self.replicate = replicate
            self.parameters = parameters
        }
    }

    /// The same for the same file, profile, settings, method and names of parameters: a value or a replicate more is
    /// the same sweep.
    public var id: String
    public var name: String?
    public var pipeline: String
    public var file: String
    public var profile: String?
    /// The block as resolved: `method`, `parameters`, `metric`, `replicates`, `run_cap`, `expect`, `set`.
    public var spec: Value
    /// Seconds since 1970.
    public var declaredAt: Double
    /// In the order in which they run.
    public var cells: [Cell]

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
