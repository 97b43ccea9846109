package import SentioKit
import SentioBase
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Compares classifiers on the same songs with one of them: whether they are right equally often, and by how much their
/// scores differ.
///
/// `in: { trees: trees_score.songs, network: network_score.songs }`: the port's name is the model's. Each model is
/// compared with the one that `baseline` names, on the songs that both have scored. p is that of McNemar's exact test;
/// intervals are percentile bootstrap intervals of the difference (model - baseline), over songs. Output: JSON.
/// Metrics: `network.accuracy.difference`, `network.accuracy.difference.low`, `network.mcnemar.p`… Deterministic for
/// one seed.
package struct CompareClassesStage: Stage {
    package static let kind = "compare-classes"
    package static let version = 1
    package static let summary =
        "Compares classifiers on the same songs: McNemar's exact test, and differences of scores with intervals."

    static let baseline = Parameter<String?>(
        "baseline", default: .some(nil), "The model that the others are compared with; null: the first by name.")
    static let set = Parameter<String?>(
        "set", default: .some(nil),
        "Set whose songs are compared; null: out_of_fold or test, whichever all models have.")

    package static let parameters: [any ParameterDefinition] = [
        baseline, set, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
    ]
    package static let inputs: [InputPort] = []
    package static let notation = StageNotation(furtherInputs: .of([.scoredClasses]))
    static let comparisonType = ArtifactType("class-comparison", form: .files)
    static let comparison = OutputPort("comparison", comparisonType, "Differences, intervals and p as JSON.")
    package static let outputs = [comparison]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        .songs(inputs, times: Double(inputs.all.count * (1 + configuration[EvaluateStage.bootstrap])), pace: "")
    }

    /// One model's scored songs, by id: true class, predicted class, log loss.
    private struct Model {
        let name: String
        let column: String
        let sets: Set<String>
        let songs: [String: (set: String, truth: String, predicted: String, loss: Double)]
    }

    package func run(_ context: StageContext) throws {
        let models = try context.connectedInputs.map { try Self.model($0, context) }
        guard models.count >= 2 else {
            throw StageFailure(
                "\(context.stage) needs the scored songs of at least two models, e.g. `in: { trees: score.songs, "
                    + "network: score2.songs }`.")
        }
        if let other = models.first(where: { $0.column != models[0].column }) {
            throw StageFailure(
                "\(other.name) predicts `\(other.column)` and \(models[0].name) `\(models[0].column)`; only models of "
                    + "one column can be compared.")
        }
        let name = configuration[Self.baseline] ?? models[0].name
        guard let base = models.first(where: { $0.name == name }) else {
            throw StageFailure(
                "`baseline: \(name)` is not an input; the models are \(IDList.all(models.map(\.name))).")
        }
        let set = try chosenSet(models), resampling = try EvaluateStage.resampling(configuration, context)
        var rows: [Value] = []
        for model in models where model.name != base.name {
            rows.append(try compare(model, base, set, resampling, context.services))
        }
        let json: Value = [
            "schema": 1, "column": .string(base.column), "baseline": .string(base.name), "set": .string(set),
            "level": .double(configuration[EvaluateStage.level]), "rows": .list(rows),
        ]
        try context.write(Self.comparison, file: "comparison.json", Array((JSON.pretty(json) + "\n").utf8))
    }

    private static func model(_ port: InputPort, _ context: StageContext) throws -> Model {
        let table = try context.table(port), (column, _) = try ClassColumn.read(table), ids = table.ids
        let cells = try table.rows(
            for: ids, columns: ["set", column + "_true", column + "_predicted", "log_loss"])
        var songs: [String: (set: String, truth: String, predicted: String, loss: Double)] = [:]
        for (id, row) in zip(ids, cells) {
            guard let loss = Double(row[3]) else {
                throw StageFailure(
                    "The log loss of song \(id) on `\(port)` is `\(Excerpt.text(row[3]))`, not a number.")
            }
            songs[id] = (row[0], row[1], row[2], loss)
        }
        return Model(name: port.name, column: column, sets: Set(songs.values.map(\.set)), songs: songs)
    }

    private func chosenSet(_ models: [Model]) throws -> String {
        let common = models.dropFirst().reduce(models[0].sets) { $0.intersection($1.sets) }
        let wanted = configuration[Self.set].map { [$0] } ?? ["out_of_fold", "test"] + common.sorted()
        guard let set = wanted.first(where: common.contains) else {
            let sets = models.map { "\($0.name) has \($0.sets.sorted().joined(separator: ", "))" }
            throw StageFailure(
                "The models have no common set \(configuration[Self.set].map { "`\($0)`" } ?? "of songs"): "
                    + "\(sets.joined(separator: "; ")).")
        }
        return set
    }

    private func compare(
        _ model: Model, _ base: Model, _ set: String, _ resampling: Bootstrap?, _ services: any StageServices
    ) throws -> Value {
        let ids = model.songs.keys.filter { id in
            model.songs[id]?.set == set && base.songs[id]?.set == set
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard ids.count >= 2 else {
            throw StageFailure(
                "\(model.name) and \(base.name) share only \(IDList.songs(ids.count)) of the set \(set).")
        }
        let other = model.songs.values.count { $0.set == set } + base.songs.values.count { $0.set == set }
        if other > 2 * ids.count {
            services.warn(
                "\(model.name) and \(base.name) are compared on the \(IDList.songs(ids.count)) that both have scored.")
        }
        let entries = ids.compactMap { id in model.songs[id].flatMap { own in base.songs[id].map { (own, $0) } } }
        if let place = entries.firstIndex(where: { $0.0.truth != $0.1.truth }) {
            throw StageFailure(
                "Song \(ids[place]) has the \(model.column) \(Excerpt.text(entries[place].0.truth)) for \(model.name) "
                    + "and \(Excerpt.text(entries[place].1.truth)) for \(base.name). Score both with the same labels.")
        }
        let names = Set(entries.flatMap { [$0.0.truth, $0.0.predicted, $0.1.predicted] }).sorted()
        let code = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        func predictions(
            _ songs: [(set: String, truth: String, predicted: String, loss: Double)]
        ) -> ClassPredictions {
            ClassPredictions(
                count: names.count, truth: songs.compactMap { code[$0.truth] },
                predicted: songs.compactMap { code[$0.predicted] }, losses: songs.map(\.loss))
        }
        let own = predictions(entries.map(\.0)), reference = predictions(entries.map(\.1))
        let test = McNemarTest(reference, own), intervals = resampling?.differences(reference, own)
        var row: [String: Value] = [
            "model": .string(model.name), "songs": .int(ids.count), "p": .double(test.p),
            "only_model_right": .int(test.onlySecond), "only_baseline_right": .int(test.onlyFirst),
        ]
        for metric in ClassMetric.allCases {
            let value = own.score[metric] - reference.score[metric], field = metric.rawValue + "_difference"
            let name = "\(model.name).\(metric.rawValue).difference"
            services.metric(name, value)
            row[field] = .double(value)
            guard let interval = intervals?[metric] else { continue }
            services.metric(name + ".low", interval.lower)
            services.metric(name + ".high", interval.upper)
            row[field + "_low"] = .double(interval.lower)
            row[field + "_high"] = .double(interval.upper)
        }
        services.metric("\(model.name).mcnemar.p", test.p)
        let right = "only \(model.name) is right on \(test.onlySecond), only \(base.name) on \(test.onlyFirst)"
        services.log(
            "\(model.name) against \(base.name), \(IDList.songs(ids.count)): accuracy "
                + "\(NumberText.three(own.score.accuracy)) and \(NumberText.three(reference.score.accuracy)); "
                + "\(right); p \(NumberText.three(test.p))")
        return .map(row)
    }
}
