import SentioBase

/// One parameter of a stage kind, under `with:` in the pipeline file. Declared once; read by
/// `configuration[parameter]`.
///
///     static let mels = Parameter("n_mels", default: 128, in: 1...1024, "Mel bands.", source: "librosa")
public struct Parameter<T: ParameterValue>: ParameterDefinition {
    /// What the pipeline file calls it, under `with:`.
    public let name: String
    /// One sentence for `sentio-pipeline stages`.
    public let summary: String
    /// `Hz`, `samples`, `s`…
    public let unit: String?
    /// Where the default comes from: a paper, librosa, XGBoost.
    public let source: String?
    /// Whether the value is part of the stage key.
    public let isIdentity: Bool
    /// Set where the value names a file or folder.
    public let path: PathRule?
    /// Whether the file gives names of the pipeline's params, and the kind receives their values.
    public let namesParams: Bool
    /// What the stage key holds whatever the value is.
    public let inKey: Value?
    /// Whether the stage key holds the default too.
    public let keepsDefaultInKey: Bool
    /// What the stage key holds in place of some words.
    public let wordsInKey: [String: String]
    /// Nil: the parameter must be given.
    public let defaultValue: T?
    private let range: ClosedRange<Double>?

    /// Declares a parameter.
    /// - Parameters:
    ///   - range: Inclusive bounds of a number, or of each number of a list.
    ///   - isIdentity: False for what cannot change a result (a path, a thread count): it is never hashed.
    ///   - path: Set where the text, or each element of a list or map, names a file or folder.
    ///   - inKey: For a parameter that is no longer part of the identity: what the stage key holds for every value, so
    ///     that older keys stay valid.
    ///   - keepsDefaultInKey: False for a parameter that was added to a kind whose results should stay valid: the key
    ///     holds it only where it differs from the default.
    ///   - wordsInKey: What the key holds in place of some words, for a word whose meaning has changed, or for a second
    ///     name of the same setting.
    ///   - namesParams: Whether the file gives names of the pipeline's params, and the kind receives their values.
    public init(
        _ name: String, default defaultValue: T?, in range: ClosedRange<Double>? = nil, _ summary: String,
        unit: String? = nil, source: String? = nil, isIdentity: Bool = true, path: PathRule? = nil, inKey: Value? = nil,
        keepsDefaultInKey: Bool = true, wordsInKey: [String: String] = [:], namesParams: Bool = false
    ) {
        self.path = path
        self.inKey = inKey
        self.keepsDefaultInKey = keepsDefaultInKey
        self.wordsInKey = wordsInKey
        self.namesParams = namesParams
        self.name = name
        self.defaultValue = defaultValue
        self.range = range
        self.summary = summary
        self.unit = unit
        self.source = source
        self.isIdentity = isIdentity
    }

    /// The default as the file would write it; nil: the parameter must be given.
    public var defaultAsValue: Value? { defaultValue?.parameterValue }
    /// The type and the range, in words.
    public var accepted: String {
        guard let range else { return T.accepted }
        if range.upperBound == .infinity { return "\(T.accepted), at least \(NumberText.short(range.lowerBound))" }
        return "\(T.accepted) from \(NumberText.short(range.lowerBound)) to \(NumberText.short(range.upperBound))"
    }
    /// JSON Schema of the type.
    public var schema: Value { T.schema }

    /// What the stage key holds for a normalized value; nil: nothing.
    public func valueInKey(_ normal: Value) -> Value? {
        if let inKey { return inKey }
        guard isIdentity, keepsDefaultInKey || normal != defaultAsValue else { return nil }
        guard let word = normal.string.flatMap({ wordsInKey[$0] }) else { return normal }
        return .string(word)
    }

    /// The value as the type writes it; nil where the type or the range does not accept it.
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

/// Marks a path, or a list or map of them, that is relative to the folder of the file it is written in, or, given by
/// `--set`, to the current folder.
public struct PathRule: Sendable, Equatable {
    /// Words that are not paths: `demo`.
    public let reserved: Set<String>

    /// By default every text is a path.
    public init(reserved: Set<String> = []) { self.reserved = reserved }
}

/// A `Parameter` of any type.
public protocol ParameterDefinition: Sendable {
    /// What the pipeline file calls it, under `with:`.
    var name: String { get }
    /// One sentence for `sentio-pipeline stages`.
    var summary: String { get }
    /// `Hz`, `samples`, `s`…
    var unit: String? { get }
    /// Where the default comes from: a paper, librosa, XGBoost.
    var source: String? { get }
    /// Whether the value is part of the stage key.
    var isIdentity: Bool { get }
    /// Set where the text names a file or folder.
    var path: PathRule? { get }
    /// Whether a list of text in the file names params of the pipeline: the kind is given a map of those names to their
    /// values.
    var namesParams: Bool { get }
    /// What the stage key holds for a normalized value; nil: nothing.
    func valueInKey(_ normal: Value) -> Value?
    /// The default as the file would write it; nil: the parameter must be given.
    var defaultAsValue: Value? { get }
    /// What is accepted, in words.
    var accepted: String { get }
    /// JSON Schema of the value.
    var schema: Value { get }
    /// The value as the type writes it (`3` for a number is `3.0`); nil where it is not accepted.
    func normalized(_ value: Value) -> Value?
}
