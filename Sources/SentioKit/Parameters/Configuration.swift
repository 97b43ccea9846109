/// The decoded parameters of one stage: every declared parameter has a value, defaults filled in, types and ranges
/// checked.
public struct Configuration: Sendable, Equatable {
    /// All values by parameter name.
    public let values: [String: Value]
    /// Those that can change the result: what the stage key holds.
    public let identity: [String: Value]

    /// Decodes values, fills in defaults and checks types and ranges.
    /// - Parameter given: What the file says, by parameter name.
    /// - Throws: `ConfigurationErrors` with every problem, not only the first.
    public init(_ parameters: [any ParameterDefinition], given: [String: Value] = [:]) throws(ConfigurationErrors) {
        var values: [String: Value] = [:], identity: [String: Value] = [:]
        var problems: [ConfigurationError] = []
        for name in given.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
            problems.append(
                .unknown(
                    parameter: name, suggestion: Suggestion.nearest(to: name, among: parameters.map(\.name)),
                    known: parameters.map(\.name))
            )
        }
        for parameter in parameters {
            let normal: Value
            if let value = given[parameter.name] {
                guard let accepted = parameter.normalized(value) else {
                    problems.append(.notAccepted(parameter: parameter.name, value: value, accepted: parameter.accepted))
                    continue
                }
                normal = accepted
            } else if let value = parameter.defaultAsValue {
                normal = value
            } else {
                problems.append(.missing(parameter: parameter.name, accepted: parameter.accepted))
                continue
            }
            values[parameter.name] = normal
            identity[parameter.name] = parameter.valueInKey(normal)
        }
        guard problems.isEmpty else { throw ConfigurationErrors(problems) }
        self.values = values
        self.identity = identity
    }

    /// The value of a parameter. Kinds read it where they use it and keep no copy.
    /// - Precondition: The parameter is in the list that the configuration was made with; `ParameterRuleTests` checks
    ///   that for the kinds of this package.
    public subscript<T>(_ parameter: Parameter<T>) -> T {
        guard let value = values[parameter.name], let decoded = T(parameter: value) else {
            preconditionFailure("The parameter \(parameter.name) is missing from its kind's `parameters`.")
        }
        return decoded
    }

    /// The values of some parameters by name: what a group passes on to the stages that it makes.
    public func values(of parameters: any ParameterDefinition...) -> [String: Value] {
        values.filter { name, _ in parameters.contains { $0.name == name } }
    }
}

/// One thing wrong with the parameters of a stage.
public enum ConfigurationError: Error, Sendable, Equatable {
    case unknown(parameter: String, suggestion: String?, known: [String])
    case missing(parameter: String, accepted: String)
    case notAccepted(parameter: String, value: Value, accepted: String)
    /// Thrown by a kind's initializer: values that contradict each other.
    case invalid(parameter: String, problem: String)

    /// The name of the parameter.
    public var parameter: String {
        switch self {
        case .unknown(let name, _, _), .missing(let name, _), .notAccepted(let name, _, _), .invalid(let name, _): name
        }
    }

    /// What is wrong, and what is accepted.
    public var sentence: String {
        switch self {
        case .unknown(let name, let suggestion?, _): "Unknown parameter `\(name)`. Did you mean `\(suggestion)`?"
        case .unknown(let name, nil, let known):
            known.isEmpty
                ? "Unknown parameter `\(name)`: this kind takes none."
                : "Unknown parameter `\(name)`. This kind takes \(known.joined(separator: ", "))."
        case .missing(let name, let accepted): "The parameter `\(name)` must be given: \(accepted)."
        case .notAccepted(let name, let value, let accepted):
            "`\(name)` must be \(accepted); here it is \(value.text) (\(Self.kind(of: value)))."
        case .invalid(let name, let problem): "`\(name)`: \(problem)"
        }
    }

    /// A whole number that no 64 bits hold is kept as text, which is not what its writer would call it.
    private static func kind(of value: Value) -> String {
        let digits = (value.string ?? "").utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let isHuge = digits.count > 18 && digits.allSatisfy { (0x30...0x39).contains($0) }
        return isHuge ? "a whole number of more than 64 bits" : value.typeName
    }
}

/// Everything that is wrong with the parameters of a stage.
public struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// In the order in which they were found.
    public let problems: [ConfigurationError]
    /// Several problems.
    public init(_ problems: [ConfigurationError]) { self.problems = problems }
    /// One problem, for a kind's initializer.
    public init(_ parameter: String, _ problem: String) {
        problems = [.invalid(parameter: parameter, problem: problem)]
    }
    public var description: String { problems.map(\.sentence).joined(separator: " ") }
}
