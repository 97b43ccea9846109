/// A value of YAML or JSON: a parameter, an attribute, a line of JSON.
public indirect enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Value])
    case map([String: Value])

    /// `null`, `boolean`, `whole number`, `number`, `text`, `list`, `mapping`: the words of error messages.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int: "whole number"
        case .double: "number"
        case .string: "text"
        case .list: "list"
        case .map: "mapping"
        }
    }

    /// The text of a string; else nil.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The value of a boolean; else nil.
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The elements of a list; else nil.
    public var list: [Value]? { if case .list(let values) = self { values } else { nil } }
    /// The entries of a mapping; else nil.
    public var map: [String: Value]? { if case .map(let entries) = self { entries } else { nil } }

    /// A whole number, even if written as `3.0`; else nil.
    public var int: Int? {
        switch self {
        case .int(let number): number
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    /// Any number; else nil.
    public var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The entry of a map; nil if it is absent or this is not a map.
    public subscript(key: String) -> Value? { map?[key] }

    /// As people write it: strings without quotes, lists in brackets.
    public var text: String {
        switch self {
        case .string(let text): text
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .double(let number) where !number.isFinite: "\(number)"
        default: JSON.text(self)
        }
    }

    /// Whether the cache treats two values as the same: `1`, `1.0` and `1e0` are one number.
    public func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.map(let left), .map(let right)):
            return left.count == right.count
                && left.allSatisfy { entry in right[entry.key].map { entry.value.isSame(as: $0) } ?? false }
        default:
            if case (.int, .int) = (self, other) { return self == other }
            if let left = double, let right = other.double { return left == right || left.isNaN && right.isNaN }
            return self == other
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A number that stays a `double` even if whole.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    /// A mapping; of a repeated key the last value counts.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}
