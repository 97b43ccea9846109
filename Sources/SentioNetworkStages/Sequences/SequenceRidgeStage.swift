import Foundation
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Ridge regression from the embeddings at each time to the ratings at that time, with predictions smoothed over time:
/// the baseline of `sequence-train`.
///
/// Each rated time of a training song is a row. The penalty is given, or chosen for each dimension by inner
/// cross-validation whose folds keep songs, and the split's groups, together. Predictions are averaged over a centered
/// window of `smoothing` seconds, shorter at both ends. Outputs: `model`, JSON, and `predictions`. Deterministic for
/// one number of BLAS threads.
package struct SequenceRidgeStage: Stage {
    package static let kind = "sequence-ridge"
    package static let version = 1
    package static let summary = "Ridge regression from embeddings to ratings over time, with smoothed predictions."

    static let alpha = Parameter<Double?>(
        "alpha", default: .some(nil), in: 0...1e12, "The penalty; null: chosen among `alphas` for each dimension.")
    static let alphas = Parameter(
        "alphas", default: [10.0, 100, 1000, 1e4, 1e5, 1e6], in: 0...1e12,
        "Penalties to choose from. They are large because neighboring moments of a song are nearly identical.")
    static let folds = Parameter(
        "folds", default: 5, in: 2...1000, "Folds of the inner cross-validation.", source: "scikit-learn")
    static let smoothing = Parameter(
        "smoothing", default: 3.0, in: 0...600,
        "Length of the moving-average window over the predictions; 0: no smoothing.",
        unit: "s")

    /// The model's file.
    static let modelType = ArtifactType("sequence-ridge-model", form: .files)

    package static let parameters: [any ParameterDefinition] = [
        SequenceStudy.parts, alpha, alphas, folds, smoothing, FitOn.parameter,
    ]
    package static let inputs = SequenceStudy.inputs
    static let model = OutputPort(
        "model", modelType, "Coefficients, scaler and the choice of the penalty, as JSON.")
    package static let outputs = [model, SequenceStudy.predictions]

    private let configuration: Configuration
    private let fitOn: [SplitSet]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        if configuration[Self.alpha] == nil, configuration[Self.alphas].isEmpty {
            throw ConfigurationErrors("alphas", "name at least one penalty, or give `alpha`.")
        }
        fitOn = try FitOn.sets(configuration)
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        SequenceStudy.steps(inputs).map { Workload(["steps": $0]) }
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] { SequenceStudy.amounts(from: inputs) }

    package func run(_ context: StageContext) throws {
        let study = try SequenceStudy(context, parts: configuration[SequenceStudy.parts])
        let songs = try study.trainingSongs(in: fitOn)
        let embeddings = try songs.map { try study.embedding($0) },
            series = try songs.map { try study.ratings.read($0) }
        let grid = try TimeGrid(series)
        // Ridge has a scaler of its own.
        let plain = EmbeddingScaling(width: embeddings[0].width)
        let rows = series.reduce(0) { $0 + $1.times.count }
        let features = Matrix(
            rows: rows, columns: plain.means.count,
            values: zip(embeddings, series).flatMap { $0.values(at: $1.times, plain) })
        let targets = Matrix(
            rows: rows, columns: study.dimensions.count, values: series.flatMap(\.values.values))
        let fit = try Ridge(scaler: .standard, alpha: try penalty(study, songs, series)).fit(
            features: features, targets: targets, targetNames: study.dimensions)
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        try context.write(Self.model, file: "ridge.json", try Self.encode(fit), lineage: seen)
        context.services.metric("songs.fitted", Double(songs.count))
        for (dimension, alpha) in zip(fit.model.targets, fit.model.alphas) {
            context.services.metric("alpha.\(dimension)", alpha)
        }
        let report = try RegressionReport(
            truth: targets, prediction: try fit.model.predict(features), targets: study.dimensions)
        for (dimension, score) in zip(study.dimensions, report.scores) {
            context.services.metric("train.\(dimension).r2", score.r2)
        }
        let reach = Int((configuration[Self.smoothing] / 2 / grid.step).rounded())
        let times = grid.times
        try study.writePredictions(seen: seen, times: times) { embeddings in
            try embeddings.map { song in
                let values = Matrix(rows: times.count, columns: song.width, values: song.values(at: times, plain))
                return Self.smoothed(try fit.model.predict(values), reach: reach)
            }
        }
    }

    /// The penalty, chosen with inner folds that keep songs and their groups together.
    private func penalty(_ study: SequenceStudy, _ songs: [String], _ series: [TimeSeries]) throws -> RidgeAlpha {
        if let alpha = configuration[Self.alpha] { return .fixed(alpha) }
        let planner = try SplitPlanner(songs: songs.map { SplitSong(id: $0, group: study.group(of: $0)) })
        let plan: FoldPlan
        do { plan = try planner.folds(count: configuration[Self.folds], seed: 0) } catch LearnError.cannotSplit(
            let reason)
        {
            throw StageFailure(
                "The inner cross-validation that chooses alpha is not possible: \(reason). Lower `folds`, give "
                    + "`alpha`, or train on more songs."
            )
        }
        let folds = zip(songs, series).flatMap { song, series in
            series.times.map { _ in plan.folds[song] ?? 0 }
        }
        return .chosen(grid: configuration[Self.alphas], folds: .given(folds))
    }

    /// Each row averaged with up to `reach` rows on either side.
    static func smoothed(_ values: Matrix, reach: Int) -> Matrix {
        guard reach > 0 else { return values }
        var smooth = values
        for row in 0..<values.rows {
            let window = max(0, row - reach)...min(values.rows - 1, row + reach)
            for column in 0..<values.columns {
                smooth[row, column] = window.reduce(0) { $0 + values[$1, column] } / Double(window.count)
            }
        }
        return smooth
    }

    /// Keys sorted, so that equal models are equal bytes.
    private static func encode(_ fit: RidgeFit) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(fit)) + [0x0A]
    }
}
