import SentioKit

/// `expose:`, params of the pipeline that the command sees: the file lists their names, the engine adds the values.
///
///     expose: [lr, model]     # SENTIO_PARAM_lr=0.01  SENTIO_PARAM_model_dim=64  SENTIO_PARAM_model_layers=[2, 2]
struct ExposedParams: ParameterValue {
    /// Values by the name that the file gives: `lr`, `model.dim`.
    let values: [String: Value]

    init?(parameter value: Value) {
        guard let map = value.map else { return nil }
        values = map
    }

    var parameterValue: Value { .map(values) }
    static var accepted: String { "a list of names of params" }
    static var schema: Value {
        ["anyOf": [["type": "array", "items": ["type": "string"]], ["type": "string"], ["type": "object"]]]
    }

    /// Variables with the names that they come from, in byte order. Maps are flattened with `_`; a list is one value,
    /// as JSON.
    private var flattened: [(variable: String, name: String, text: String)] {
        values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap {
            Self.flattened($0.key, $0.value)
        }
    }

    private static func flattened(_ name: String, _ value: Value) -> [(variable: String, name: String, text: String)] {
        switch value {
        case .map(let entries):
            return entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap {
                flattened(name + "." + $0.key, $0.value)
            }
        case .list: return [(variable(name), name, JSON.text(value))]
        default: return [(variable(name), name, EnvironmentVariables.text(value) ?? "")]
        }
    }

    /// `model.dim` becomes SENTIO_PARAM_model_dim; characters that are not allowed in variable names become `_`.
    private static func variable(_ name: String) -> String {
        "SENTIO_PARAM_" + name.unicodeScalars.map { EnvironmentVariables.isName("a\($0)") ? String($0) : "_" }.joined()
    }

    var variables: [String: String] {
        Dictionary(flattened.map { ($0.variable, $0.text) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is wrong, as sentences, such as two params that would be one variable.
    var problems: [String] {
        var problems: [String] = [], owners: [String: String] = [:]
        for (variable, name, text) in flattened {
            if let other = owners.updateValue(name, forKey: variable) {
                problems.append(
                    "`\(other)` and `\(name)` would both be \(variable); expose only one of them, and pass the other "
                        + "by `env`.")
            }
            if text.utf8.contains(0) { problems.append("the value of `\(name)` contains a NUL character.") }
        }
        return problems
    }
}
