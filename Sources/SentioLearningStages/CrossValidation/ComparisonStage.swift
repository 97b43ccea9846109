package import SentioKit

/// Compares models: any number of scores, from `evaluate` or from a cross-validation, in one table.
///
/// `in: { ridge: score, gbdt: score2 }`: the port's name is the model's. Output: comparison.csv, one row per model and
/// rated dimension with every measure, its interval and its mean and standard deviation over folds (empty where
/// unknown); comparison.md, the main measures; comparison.json. The baseline of always predicting the mean of the
/// training songs comes last, once if it is the same for all models. Metrics: `ridge.valence.r2`, `ridge.r2` (mean over
/// dimensions), `baseline.valence.r2`. Deterministic.
package struct ComparisonStage: Stage {
    package static let kind = "comparison"
    package static let version = 1
    package static let summary = "Compares the scores of models in one table, with the mean predictor as a baseline."

    static let set = Parameter<String?>(
        "set", default: .some(nil),
        "Set whose scores are compared; null: pooled or test, otherwise each model's first set.")
    static let order = Parameter<[String]>(
        "order", default: [], "Models in table order; others follow by name.")

    package static let parameters: [any ParameterDefinition] = [set, order]
    package static let inputs: [InputPort] = []
    package static let notation = StageNotation(furtherInputs: .of([.scores]))
    static let table = OutputPort("table", .comparison, "The comparison as CSV, Markdown and JSON.")
    package static let outputs = [table]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, times: Double(inputs.all.count)) }

    package func run(_ context: StageContext) throws {
        let connected = context.connectedInputs
        guard !connected.isEmpty else {
            throw StageFailure("\(context.stage) has nothing to compare: connect scores, e.g. `in: { ridge: score }`.")
        }
        let order = configuration[Self.order]
        let models =
            order.compactMap { name in connected.first { $0.name == name } }
            + connected.filter { !order.contains($0.name) }
        var table = ComparisonTable()
        for model in models { try table.add(model.name, try rows(of: model, context)) }
        for (name, value) in table.metrics { context.services.metric(name, value) }
        for line in table.markdown.split(separator: "\n") { context.services.log(String(line)) }
        let files = [
            ("comparison.csv", table.csv),
            ("comparison.json", JSON.pretty(["schema": 1, "rows": .list(table.rows.map(\.value))]) + "\n"),
            ("comparison.md", table.markdown),
        ]
        try context.writeFiles(Self.table, try files.map { ($0.0, try context.store(Array($0.1.utf8))) })
    }

    /// The rows of the compared set.
    private func rows(of model: InputPort, _ context: StageContext) throws -> [Value] {
        let scores: Value
        do {
            scores = try JSON.parse(try context.file(model))
        } catch let error as JSONError {
            throw StageFailure("The scores on `\(model)` of \(context.stage) cannot be read: \(error)")
        }
        let rows = (scores["rows"]?.list ?? []).filter { $0["set"]?.string != nil && $0["dimension"]?.string != nil }
        let sets = rows.compactMap { $0["set"]?.string }
        guard let first = sets.first else {
            throw StageFailure(
                "The scores on `\(model)` of \(context.stage) have no rows; do they come from evaluate or "
                    + "a cross-validation?"
            )
        }
        let wanted = configuration[Self.set] ?? ["pooled", "test"].first(where: sets.contains) ?? first
        guard sets.contains(wanted) else {
            let known = Array(Set(sets)).sorted().joined(separator: ", ")
            throw StageFailure(
                "The scores on `\(model)` of \(context.stage) have no set `\(wanted)`; they have \(known).")
        }
        return rows.filter { $0["set"]?.string == wanted }
    }
}
