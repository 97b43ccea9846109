/// A Swift type that a parameter can have.
public protocol ParameterValue: Sendable {
    /// Decodes; nil where the value is of another type or not one of the choices.
    init?(parameter value: Value)
    var parameterValue: Value { get }
    /// What is accepted, in the words of an error message: `a whole number`, `one of none, zscore`.
    static var accepted: String { get }
    /// JSON Schema of the type.
    static var schema: Value { get }
}

extension Int: ParameterValue {
    public init?(parameter value: Value) {
        guard let number = value.int else { return nil }
        self = number
    }
    public var parameterValue: Value { .int(self) }
    public static var accepted: String { "a whole number" }
    public static var schema: Value { ["type": "integer"] }
}

extension Double: ParameterValue {
    public init?(parameter value: Value) {
        guard let number = value.double else { return nil }
        self = number
    }
    public var parameterValue: Value { .double(self) }
    public static var accepted: String { "a number" }
    public static var schema: Value { ["type": "number"] }
}

extension Bool: ParameterValue {
    public init?(parameter value: Value) {
        guard let flag = value.bool else { return nil }
        self = flag
    }
    public var parameterValue: Value { .bool(self) }
    public static var accepted: String { "true or false" }
    public static var schema: Value { ["type": "boolean"] }
}

extension String: ParameterValue {
    /// Numbers are taken as text: an artist may be called 1349.
    public init?(parameter value: Value) {
        switch value {
        case .string(let text): self = text
        case .int, .double: self = value.text
        default: return nil
        }
    }
    public var parameterValue: Value { .string(self) }
    public static var accepted: String { "text" }
    public static var schema: Value { ["type": "string"] }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public init?(parameter value: Value) {
        if case .null = value {
            self = .none
        } else if let wrapped = Wrapped(parameter: value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
    public var parameterValue: Value { self?.parameterValue ?? .null }
    public static var accepted: String { Wrapped.accepted + " or null" }
    public static var schema: Value { ["anyOf": [Wrapped.schema, ["type": "null"]]] }
}

extension Array: ParameterValue where Element: ParameterValue {
    /// A single value is taken as a list of one.
    public init?(parameter value: Value) {
        var elements: [Element] = []
        for value in value.list ?? [value] {
            guard let element = Element(parameter: value) else { return nil }
            elements.append(element)
        }
        self = elements
    }
    public var parameterValue: Value { .list(map(\.parameterValue)) }
    public static var accepted: String { "a list, each \(Element.accepted)" }
    public static var schema: Value { ["anyOf": [["type": "array", "items": Element.schema], Element.schema]] }
}

/// A parameter whose values are words: an enum of strings that lists its cases.
public protocol ParameterChoice: ParameterValue, RawRepresentable<String>, CaseIterable {}

extension ParameterChoice {
    public init?(parameter value: Value) {
        guard let text = value.string, let choice = Self(rawValue: text) else { return nil }
        self = choice
    }
    public var parameterValue: Value { .string(rawValue) }
    public static var accepted: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    public static var schema: Value { ["enum": .list(allCases.map { .string($0.rawValue) })] }
}
