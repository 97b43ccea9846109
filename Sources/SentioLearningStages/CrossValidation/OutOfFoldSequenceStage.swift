package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Pools one model's ratings over time from the folds of a cross-validation and scores them. Part of
/// `cross-validate`.
///
/// Every song is predicted by the model of the fold that held it out; a model that saw a song of its fold ends the run
/// with `LeakageError`. Inputs: `ratings`, and for each fold `predictions@fold=3` and `split@fold=3`. Outputs:
/// `predictions`, one sequence per song, averaged over repeats; `scores` and `curves` as those of
/// `evaluate-sequence`, with the set `pooled`; the baseline of a song is the mean of its own fold's training songs.
/// Deterministic for one seed.
package struct OutOfFoldSequenceStage: Stage {
    package static let kind = "out-of-fold-sequence"
    package static let version = 1
    package static let summary =
        "Pools a model's ratings over time from all folds and scores them; part of cross-validate."

    package static let parameters: [any ParameterDefinition] = [
        OutOfFoldStage.folds, OutOfFoldStage.repeats, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
    ]
    package static let inputs = [SequenceScoring.ratings]
    package static let notation = StageNotation(furtherInputs: .of([.predictedSequences, .split]))
    /// The further inputs of a fold, by its label.
    static func predictions(of label: String) -> InputPort { InputPort("predictions@\(label)", .predictedSequences) }
    static func split(of label: String) -> InputPort { OutOfFoldStage.split(of: label) }
    static let predictions = OutputPort(
        "predictions", .predictedSequences, "Out-of-fold predictions, one sequence per song.")
    package static let outputs = [predictions, SequenceScoring.scores, SequenceScoring.curves]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [SequenceScoring.ratings]) }

    package func run(_ context: StageContext) throws {
        let scoring = try SequenceScoring(context), repeats = configuration[OutOfFoldStage.repeats]
        var found: [String: [ScoredSequence]] = [:], absent: Set<String> = []
        for number in 0..<repeats {
            for fold in 0..<configuration[OutOfFoldStage.folds] {
                try context.checkCancelled()
                let label = FoldLabel.outer(fold, repeat: number, of: repeats)
                for port in [Self.predictions(of: label), Self.split(of: label)] where !context.isConnected(port) {
                    throw StageFailure("The input `\(port)` of \(context.stage) is not connected; every fold needs it.")
                }
                for song in try Self.fold(label, scoring, &absent) { found[song.song, default: []].append(song) }
            }
        }
        if !absent.isEmpty {
            context.services.warn(
                "Skipped \(IDList.songs(absent.count)) without a prediction: \(IDList.text(absent.sorted())).")
            context.services.metric("pooled.not_scored", Double(absent.count))
        }
        let songs = found.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard songs.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(songs.count)) of all folds can be scored over time; scoring needs at least 2.")
        }
        let scored = songs.compactMap { song in found[song].flatMap { Self.mean($0) } }
        var sheet = SequenceSheet(
            dimensions: scoring.dimensions, scale: scoring.ratings.scale,
            resampling: try EvaluateStage.resampling(configuration, context))
        try sheet.add("pooled", scored)
        // The lineage of every sequence is that of its own models, which comes with the items that were read.
        try scoring.write(sheet, scored, fitted: Lineage())
        let entries = try scored.map { song in
            Manifest.Entry(
                id: song.song, file: song.song + ".npy",
                blob: try context.store(
                    SequenceFile.bytes(TimeSeries(times: song.times, values: song.prediction))))
        }
        try context.writeCollection(
            Self.predictions, entries, fitted: Lineage(),
            attributes: SequenceCollection.attributes(dimensions: scoring.dimensions, scale: scoring.ratings.scale))
    }

    /// The rated songs of a fold, predicted by the model that has not seen them.
    private static func fold(
        _ label: String, _ scoring: SequenceScoring, _ absent: inout Set<String>
    ) throws -> [ScoredSequence] {
        let context = scoring.context
        let split = try SplitTable(try context.table(Self.split(of: label)))
        let predicted = try scoring.predictions(Self.predictions(of: label))
        let rated = split.songs(in: [.test]).filter { scoring.ratings.contains($0) }
        let songs = rated.filter { predicted.contains($0) }
        absent.formUnion(rated.filter { !predicted.contains($0) })
        return try scoring.scored(
            songs, try predicted.readToScore(songs, copies: split.copies),
            trainingMean: try scoring.mean(of: split.songs(in: [.train])))
    }

    /// The mean prediction of one song over repeats; nil for none.
    private static func mean(_ repeats: [ScoredSequence]) -> ScoredSequence? {
        guard let first = repeats.first, repeats.count > 1 else { return repeats.first }
        let count = Double(repeats.count)
        let sums = first.prediction.values.indices.map { place in
            repeats.reduce(0) { $0 + $1.prediction.values[place] } / count
        }
        let means = repeats.compactMap(\.trainingMean)
        let baseline = first.trainingMean.map { own in
            own.indices.map { place in means.reduce(0) { $0 + $1[place] } / Double(means.count) }
        }
        return ScoredSequence(
            song: first.song, times: first.times, truth: first.truth,
            prediction: Matrix(rows: first.prediction.rows, columns: first.prediction.columns, values: sums),
            trainingMean: baseline)
    }
}
