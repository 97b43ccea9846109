import SentioBase

/// One parameter of a stage kind, under `with:` in the pipeline file. Declared once; read by
/// `configuration[parameter]`.
///
///     static let mels = Parameter("n_mels", default: 128, in: 1...1024, "Mel bands.", source: "librosa")
public struct Parameter<T: ParameterValue>: ParameterDefinition {
    public let name: String
    public let summary: String
    public let unit: String?
    public let source: String?
    public let isIdentity: Bool
    public let path: PathRule?
    public let namesParams: Bool
    public let inKey: Value?
    /// nil: the parameter must be given.
    public let defaultValue: T?
    private let range: ClosedRange<Double>?

    /// - parameter range: inclusive bounds of a number, or of each number of a list.
    /// - parameter unit: `Hz`, `samples`, `s`…
    /// - parameter source: where the default comes from: a paper, librosa, XGBoost.
    /// - parameter isIdentity: false for what cannot change a result (a path, a thread count): it is never hashed.
    /// - parameter inKey: for what is no identity but was: what the stage key says for every value, so that older keys
    ///   stay.
    /// - parameter path: set where the text, or each of a list or map, names a file or folder.
    /// - parameter namesParams: whether the file gives names of the pipeline's params, and the kind gets them with
    ///   their values.
    public init(
        _ name: String, default defaultValue: T?, in range: ClosedRange<Double>? = nil, _ summary: String,
        unit: String? = nil, source: String? = nil, isIdentity: Bool = true, path: PathRule? = nil, inKey: Value? = nil,
        namesParams: Bool = false
    ) {
        self.path = path
        self.inKey = inKey
        self.namesParams = namesParams
        self.name = name
        self.defaultValue = defaultValue
        self.range = range
        self.summary = summary
        self.unit = unit
        self.source = source
        self.isIdentity = isIdentity
    }

    public var defaultAsValue: Value? { defaultValue?.parameterValue }
    public var accepted: String {
        guard let range else { return T.accepted }
        if range.upperBound == .infinity { return "\(T.accepted), at least \(NumberText.short(range.lowerBound))" }
        return "\(T.accepted) from \(NumberText.short(range.lowerBound)) to \(NumberText.short(range.upperBound))"
    }
    public var schema: Value { T.schema }

    public func normalized(_ value: Value) -> Value? {
        guard let decoded = T(parameter: value) else { return nil }
        let normal = decoded.parameterValue
        if let range {
            let numbers = normal.list?.compactMap(\.double) ?? normal.double.map { [$0] } ?? []
            guard numbers.allSatisfy({ range.contains($0) }) else { return nil }
        }
        return normal
    }
}

/// A path, or a list or map of them, as people expect it: relative to the folder of the file it is written in, or,
/// given by `--set`, to the current folder.
public struct PathRule: Sendable, Equatable {
    /// Words that are not paths: `demo`.
    public let reserved: Set<String>

    public init(reserved: Set<String> = []) { self.reserved = reserved }
}

/// A `Parameter` of any type.
public protocol ParameterDefinition: Sendable {
    var name: String { get }
    var summary: String { get }
    var unit: String? { get }
    var source: String? { get }
    var isIdentity: Bool { get }
    /// Set where the text names a file or folder.
    var path: PathRule? { get }
    /// Whether a list of text in the file names params of the pipeline: the kind is given a map of those names to their
    /// values.
    var namesParams: Bool { get }
    /// What the stage key holds whatever the value is; nil: the value, or nothing.
    var inKey: Value? { get }
    var defaultAsValue: Value? { get }
    /// What is accepted, in words.
    var accepted: String { get }
    var schema: Value { get }
    /// The value as the type writes it (`3` for a number is `3.0`); nil where it is not accepted.
    func normalized(_ value: Value) -> Value?
}
