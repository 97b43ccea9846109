import SentioKit

/// `env:`, additional environment variables of the command: a map of names to single values.
struct EnvironmentVariables: ParameterValue {
    let variables: [String: String]

    init?(parameter value: Value) {
        guard let map = value.map else { return nil }
        variables = map.compactMapValues(Self.text)
        guard variables.count == map.count else { return nil }
    }

    var parameterValue: Value { .map(variables.mapValues { .string($0) }) }
    static var accepted: String { "a map of names to single values" }
    static var schema: Value {
        ["type": "object", "additionalProperties": ["type": ["string", "number", "boolean", "null"]]]
    }

    /// The text that the command reads: empty for null; nil for lists and maps.
    static func text(_ value: Value) -> String? {
        switch value {
        case .null: ""
        case .list, .map: nil
        default: value.text
        }
    }

    /// What is wrong with the names and values, as sentences.
    var problems: [String] {
        variables.sorted { $0.key < $1.key }.compactMap { name, value in
            if !Self.isName(name) {
                return "`\(name)` is not a valid variable name: use letters, digits and `_`, and no digit first."
            }
            if name.hasPrefix("SENTIO_") { return "`\(name)`: names that begin with SENTIO_ are reserved for the run." }
            return value.utf8.contains(0) ? "the value of `\(name)` contains a NUL character." : nil
        }
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !(0x30...0x39).contains(name.utf8.first ?? 0x30)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F
            }
    }
}
