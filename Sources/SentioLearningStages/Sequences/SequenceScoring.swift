import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Matches predictions with ratings over time, and writes scores and curves: shared by `evaluate-sequence` and
/// `out-of-fold-sequence`.
struct SequenceScoring {
    static let ratings = InputPort("ratings", .ratingSequences, "Ratings over time by listeners.")
    static let staticScale = Parameter(
        "static_scale", default: [1.0, 9.0],
        "Lowest and highest rating on the scale of the `static` predictions, which are mapped to the scale of the "
            + "ratings over time.",
        source: "DEAM")
    static let scores = OutputPort(
        "scores", .scores, "Pooled and per-song scores with intervals, baselines and differences, as JSON.")
    static let curves = OutputPort("curves", .scoredSequences, "Ratings and predictions over time of each scored song.")

    let context: StageContext
    let ratings: SequenceCollection
    var dimensions: [String] { ratings.dimensions }

    init(_ context: StageContext) throws {
        self.context = context
        ratings = try SequenceCollection(context, Self.ratings)
    }

    /// - throws: `ConfigurationErrors`.
    static func checkedStaticScale(_ configuration: Configuration) throws(ConfigurationErrors) -> ClosedRange<Double> {
        let bounds = configuration[staticScale]
        guard bounds.count == 2, bounds[0] < bounds[1] else {
            throw ConfigurationErrors(
                "static_scale", "a scale is two numbers, the lower one first, such as [1, 9].")
        }
        return bounds[0]...bounds[1]
    }

    /// Predictions of the same dimensions, on the same scale.
    /// - throws: `StageFailure` where they differ.
    func predictions(_ port: InputPort) throws -> SequenceCollection {
        let predictions = try SequenceCollection(context, port)
        guard predictions.dimensions == dimensions, predictions.scale == ratings.scale else {
            throw StageFailure(
                "The predictions on `\(port)` are of \(IDList.all(predictions.dimensions)) on the scale "
                    + "\(Self.text(predictions.scale)), but the ratings are of \(IDList.all(dimensions)) on "
                    + "\(Self.text(ratings.scale)). Train on these ratings."
            )
        }
        return predictions
    }

    private static func text(_ scale: ClosedRange<Double>) -> String { "[\(scale.lowerBound), \(scale.upperBound)]" }

    /// The mean rating over time of some songs, per dimension; nil where none of them is rated.
    func mean(of songs: [String]) throws -> [Double]? {
        ScoredSequence.mean(of: try songs.filter { ratings.contains($0) }.map { try ratings.read($0) })
    }

    /// Songs with their ratings and predictions, the predictions sampled at the times of the ratings.
    func scored(_ songs: [String], _ predicted: [TimeSeries], trainingMean: [Double]?) throws -> [ScoredSequence] {
        try zip(songs, predicted).map { song, series in
            let truth = try ratings.read(song)
            return ScoredSequence(
                song: song, times: truth.times, truth: truth.values, prediction: series.at(truth.times),
                trainingMean: trainingMean)
        }
    }

    /// Writes `scores` and `curves`, reports the metrics and logs the lines.
    /// - parameter fitted: as with `writeCollection`.
    func write(_ sheet: SequenceSheet, _ scored: [ScoredSequence], fitted: Lineage? = nil) throws {
        for (name, value) in sheet.metrics { context.services.metric(name, value) }
        for line in sheet.lines { context.services.log(line) }
        try context.write(Self.scores, file: "scores.json", Array((JSON.pretty(sheet.json) + "\n").utf8))
        let entries = try scored.map { song in
            Manifest.Entry(
                id: song.song, file: song.song + ".npy", blob: try context.store(SequenceFile.bytes(song.curves)))
        }
        try context.writeCollection(
            Self.curves, entries, fitted: fitted,
            attributes: SequenceCollection.attributes(dimensions: dimensions, scale: ratings.scale))
    }
}
