/// A Swift type that a parameter can have.
public protocol ParameterValue: Sendable {
    /// Decodes a value; nil where it has another type or is not one of the choices.
    init?(parameter value: Value)
    /// The value as a pipeline file writes it.
    var parameterValue: Value { get }
    /// What is accepted, in the words of an error message: `a whole number`, `one of none, zscore`.
    static var accepted: String { get }
    /// JSON Schema of the type.
    static var schema: Value { get }
}

extension Int: ParameterValue {
    /// A whole number; nil for any other value.
    public init?(parameter value: Value) {
        guard let number = value.int else { return nil }
        self = number
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .int(self) }
    /// What is accepted, in words.
    public static var accepted: String { "a whole number" }
    /// JSON Schema of the type.
    public static var schema: Value { ["type": "integer"] }
}

extension Double: ParameterValue {
    /// A number, whole or not; nil for any other value.
    public init?(parameter value: Value) {
        guard let number = value.double else { return nil }
        self = number
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .double(self) }
    /// What is accepted, in words.
    public static var accepted: String { "a number" }
    /// JSON Schema of the type.
    public static var schema: Value { ["type": "number"] }
}

extension Bool: ParameterValue {
    /// `true` or `false`; nil for any other value.
    public init?(parameter value: Value) {
        guard let flag = value.bool else { return nil }
        self = flag
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .bool(self) }
    /// What is accepted, in words.
    public static var accepted: String { "true or false" }
    /// JSON Schema of the type.
    public static var schema: Value { ["type": "boolean"] }
}

extension String: ParameterValue {
    /// Text; a number is accepted as its text, since an artist may be called 1349.
    public init?(parameter value: Value) {
        switch value {
        case .string(let text): self = text
        case .int, .double: self = value.text
        default: return nil
        }
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .string(self) }
    /// What is accepted, in words.
    public static var accepted: String { "text" }
    /// JSON Schema of the type.
    public static var schema: Value { ["type": "string"] }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    /// Null, or what the wrapped type accepts; nil for any other value.
    public init?(parameter value: Value) {
        if case .null = value {
            self = .none
        } else if let wrapped = Wrapped(parameter: value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { self?.parameterValue ?? .null }
    /// What is accepted, in words.
    public static var accepted: String { Wrapped.accepted + " or null" }
    /// JSON Schema of the type.
    public static var schema: Value { ["anyOf": [Wrapped.schema, ["type": "null"]]] }
}

extension Array: ParameterValue where Element: ParameterValue {
    /// A list; a single value is accepted as a list of one.
    public init?(parameter value: Value) {
        var elements: [Element] = []
        for value in value.list ?? [value] {
            guard let element = Element(parameter: value) else { return nil }
            elements.append(element)
        }
        self = elements
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .list(map(\.parameterValue)) }
    /// What is accepted, in words.
    public static var accepted: String { "a list, each \(Element.accepted)" }
    /// JSON Schema of the type.
    public static var schema: Value { ["anyOf": [["type": "array", "items": Element.schema], Element.schema]] }
}

/// A parameter whose values are words: an enum of strings that lists its cases.
public protocol ParameterChoice: ParameterValue, RawRepresentable<String>, CaseIterable {}

extension ParameterChoice {
    /// The word of a case; nil for any other value.
    public init?(parameter value: Value) {
        guard let text = value.string, let choice = Self(rawValue: text) else { return nil }
        self = choice
    }
    /// As a pipeline file writes it.
    public var parameterValue: Value { .string(rawValue) }
    /// What is accepted, in words.
    public static var accepted: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    /// JSON Schema of the type.
    public static var schema: Value { ["enum": .list(allCases.map { .string($0.rawValue) })] }
}
