import SentioKit
import SentioLearn

/// How features are scaled before a fit: one of the methods that SentioLearn lists.
struct ScalerChoice: ParameterValue {
    static let standard = ScalerChoice(method: .standard)
    static let summary =
        "Feature scaling, fitted on the training songs: none; standard; robust, by median and quartiles with outliers "
        + "clipped; sign-log; quantile."

    let method: ScalerMethod

    init(method: ScalerMethod) { self.method = method }

    init?(parameter value: Value) {
        guard let method = value.string.flatMap({ ScalerMethod(name: $0) }) else { return nil }
        self.method = method
    }

    var parameterValue: Value { .string(method.name) }
    static var accepted: String { "one of " + ScalerMethod.names.joined(separator: ", ") }
    static var schema: Value { ["enum": .list(ScalerMethod.names.map { .string($0) })] }
}
