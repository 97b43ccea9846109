import SentioBase
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Evaluates a synthetic set: trains a simple model on it and tests on real songs, and the reverse, and measures the
/// gap between the two domains.
///
/// The model is a ridge regression on `SpectrogramStatistics`, alpha by leave-one-out. Real songs are cut into three
/// crops as long as the synthetic items; their predictions, clipped to the scale of the ratings, are averaged. Test
/// songs are never read. Outputs `quality` as JSON. Throws `StageFailure`. Deterministic.
package struct SyntheticQualityStage: Stage {
    package static let kind = "synthetic-quality"
    package static let version = 2
    package static let summary = "Trains on synthetic songs and tests on real ones, the reverse, and measures the gap."

    /// The real songs to predict.
    enum Songs: String, ParameterChoice { case validation, train }

    static let on = Parameter(
        "on", default: Songs.validation,
        "Real songs to predict: validation; or train, with out-of-fold predictions for the model trained on real songs "
            + "(the generator has seen them all)."
    )
    package static let parameters: [any ParameterDefinition] = [on]
    static let synthetic = InputPort("synthetic", .labelledSpectrograms, "The synthetic items to evaluate.")
    static let spectrograms = InputPort("spectrograms", .spectrograms, "Real songs, in the same units.")
    static let labels = InputPort("labels", .labels, "Their ratings.")
    static let split = InputPort("split", .split, "Which songs to train on and which to predict.")
    package static let inputs = [synthetic, spectrograms, labels, split]
    static let quality = OutputPort(
        "quality", ArtifactType("synthetic-quality", form: .files), "JSON: all metrics.")
    package static let outputs = [quality]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        // Three crops of each real song.
        Workload(["crops": (inputs[Self.synthetic]?.items ?? 0) + 3 * (inputs[Self.spectrograms]?.items ?? 0)])
    }

    package func run(_ context: StageContext) throws {
        let synthetic = try SyntheticSongs(context, Self.synthetic), labels = try context.table(Self.labels)
        let split = try SplitTable(try context.table(Self.split))
        guard LabelTable.dimensions(labels.attributes) == synthetic.dimensions else {
            throw StageFailure(
                "The synthetic items are rated in \(synthetic.dimensions.joined(separator: ", ")), the labels in "
                    + "\(LabelTable.dimensions(labels.attributes).joined(separator: ", ")). Use the labels that the "
                    + "generator was trained with."
            )
        }
        func real(_ set: SplitSet) throws -> RatedStatistics {
            try RatedStatistics(
                context, songs: split.songs(in: [set]), labels: labels, dimensions: synthetic.dimensions,
                like: synthetic)
        }
        let scale = try LabelTable.scale(labels.attributes, port: Self.labels)
        let training = try real(.train)
        guard training.songs > 4 else {
            throw StageFailure(
                "The split leaves \(IDList.songs(training.songs)) with spectrogram and labels to train on; at least "
                    + "five are needed."
            )
        }
        let made = try synthetic.statistics(context), ridge = Ridge(scaler: .standard, alpha: .leaveOneOut())
        let onMade = try ridge.fit(features: made.features, targets: made.ratings).model
        let onReal = try ridge.fit(features: training.features, targets: training.ratings).model
        let isOutOfFold = configuration[Self.on] == .train, judged = isOutOfFold ? training : try real(.validation)
        guard judged.songs > 1 else {
            throw StageFailure(
                "The split has no validation songs with spectrogram and labels. Give `split` a share `validation`, or "
                    + "set `on: train`."
            )
        }
        let byReal = isOutOfFold ? try training.outOfFold(ridge) : try onReal.predict(judged.features)
        var figures: [String: Value] = [:]
        func add(_ name: String, _ value: Double) {
            figures[name] = .double(value)
            context.services.metric(name, value)
        }
        func score(_ name: String, _ unclipped: Matrix, _ data: RatedStatistics) throws {
            // A line fitted on other data extrapolates beyond the scale, and R² would then measure only how far.
            let (prediction, share) = Self.clipped(unclipped, to: scale)
            add("\(name).clipped", share)
            let report = try RegressionReport(
                truth: data.averaged(data.ratings), prediction: data.averaged(prediction), targets: synthetic.dimensions
            )
            for (dimension, score) in zip(synthetic.dimensions, report.scores) {
                for (figure, value) in [
                    ("r2", score.r2), ("rmse", score.rmse), ("ccc", score.ccc), ("r", score.pearson),
                ] {
                    add("\(name).\(dimension).\(figure)", value)
                }
            }
            let scores = zip(synthetic.dimensions, report.scores).map { dimension, score in
                "\(dimension) R² \(NumberText.three(score.r2)), CCC \(NumberText.three(score.ccc))"
            }
            context.services.log(
                "\(name): \(scores.joined(separator: "; "))"
                    + (share > 0
                        ? "; \(NumberText.fixed(100 * share, 1)) % of the predictions clipped to the scale." : "."))
        }
        try score("real_on_real", byReal, judged)
        try score("synthetic_on_real", try onMade.predict(judged.features), judged)
        try score("real_on_synthetic", try onReal.predict(made.features), made)
        for (name, value) in made.gaps(training, dimensions: synthetic.dimensions) { add(name, value) }
        figures["band_mean_gaps"] = .list(zip(made.bands.means, training.bands.means).map { .double($0 - $1) })
        figures["band_deviation_gaps"] = .list(
            zip(made.bands.deviations, training.bands.deviations).map { .double($0 - $1) })
        figures["songs"] = [
            "synthetic": .int(made.songs), "train": .int(training.songs), "predicted": .int(judged.songs),
        ]
        figures["on"] = .string(configuration[Self.on].rawValue)
        try context.write(Self.quality, file: "quality.json", Array((JSON.pretty(.map(figures)) + "\n").utf8))
    }

    /// The values clipped to the scale, and the fraction of them that was outside.
    static func clipped(_ values: Matrix, to scale: ClosedRange<Double>) -> (values: Matrix, share: Double) {
        var (clipped, outside) = (values, 0)
        for row in 0..<values.rows {
            for column in 0..<values.columns where !scale.contains(values[row, column]) {
                clipped[row, column] = min(scale.upperBound, max(scale.lowerBound, values[row, column]))
                outside += 1
            }
        }
        return (clipped, Double(outside) / Double(max(1, values.rows * values.columns)))
    }
}
