import SentioBase
import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import SentioSongStages

/// A training of `sequence-train` from its inputs to its outputs.
///
/// Training songs are read first, then validation songs if the result depends on them; what was read up to there is
/// what the network has seen.
struct SequenceTraining {
    let study: SequenceStudy
    let recipe: SequenceRecipe
    private var context: StageContext { study.context }

    init(_ study: SequenceStudy, _ recipe: SequenceRecipe) {
        self.study = study
        self.recipe = recipe
    }

    /// - throws: `StageFailure`, `BlobStoreError`, `StageCancelled`.
    func run(parts: [String]) throws {
        let context = study.context
        let songs = try study.trainingSongs(in: recipe.fitOn)
        let embeddings = try songs.map { try study.embedding($0) },
            series = try songs.map { try study.ratings.read($0) }
        let grid = try TimeGrid(series), scaling = EmbeddingScaling(embeddings),
            scale = RatingScale(study.ratings.scale)
        let outputs = study.dimensions.count, times = grid.times
        func source(_ songs: [EmbeddingSequence], _ series: [TimeSeries]) -> SequenceSource {
            SequenceSource(
                songs: songs, targets: series.map { grid.spread($0, scale.scaled($0.values)) }, times: times,
                scaling: scaling, dimensions: times.count * outputs, hasLengths: recipe.cell == .attention)
        }
        let training = source(embeddings, series)
        let beforeValidation = context.lineage()
        let validation = try validationSongs(source)
        let seen = recipe.choosesByValidation ? context.lineage() : beforeValidation

        let configuration = recipe.network(inputs: scaling.means.count, outputs: outputs)
        let network = RegressionTrainer.Network(SequenceRegressor(configuration)) { $0($1) }
        let settings = recipe.settings(
            songs: songs.count, dimensions: outputs, seed: context.seed, threads: context.threads)
        try requireMemory(network, settings, training)
        let trainer = RegressionTrainer(network, settings: settings, source: training)
        let parameters = network.layer.parameters.reduce(0) { $0 + $1.parameter.shape.count }
        context.services.log(
            "\(IDList.songs(songs.count)) at \(times.count) moments from \(NumberText.short(grid.first)) s in steps of "
                + "\(NumberText.short(grid.step)) s, \(scaling.means.count) values each; \(parameters) parameters, "
                + "\(trainer.stepsPerEpoch) steps an epoch"
        )
        let task = RegressionTask(context, recipe, dimensions: study.dimensions, trainer, validation)
        let loop = EpochLoop(
            services: context.services, epochs: recipe.epochs, checkpointSeconds: recipe.checkpointSeconds)
        let history = try loop.run(task)
        if let verdict = recipe.verdict(on: history) { context.services.log(verdict) }
        var weights = task.weights

        try study.writePredictions(seen: seen, times: times) { embeddings in
            let predicted = try trainer.predict(source(embeddings, []), weights: weights) { _ in
                try context.checkCancelled()
            }
            let size = times.count * outputs
            return embeddings.indices.map { index in
                scale.ratings(Array(predicted[(index * size)..<((index + 1) * size)]), dimensions: outputs)
            }
        }
        try context.write(
            SequenceTrainStage.history, file: "history.csv", Array(history.table().csv.utf8), lineage: seen)
        scaling.put(into: &weights)
        try writeModel(weights, configuration, history, grid, scale, songs: songs.count, parts: parts, seen: seen)
        report(history, songs: songs.count, parameters: parameters)
    }

    private func validationSongs(
        _ source: ([EmbeddingSequence], [TimeSeries]) -> SequenceSource
    ) throws -> ValidationSongs? {
        guard !recipe.fitOn.contains(.validation) else { return nil }
        let chosen = study.ratedSongs(in: [.validation])
        guard !chosen.isEmpty else {
            guard let chooser = recipe.validationChooser else { return nil }
            throw StageFailure(
                "`\(chooser.parameter)` needs validation songs, and the split has none with embeddings and ratings "
                    + "over time. Give `split` a share `validation`, or set `\(chooser.parameter): "
                    + "\(chooser.without)`."
            )
        }
        let series = try chosen.map { try study.ratings.read($0) }
        let songs = source(try chosen.map { try study.embedding($0) }, series)
        let truth = songs.targets.flatMap { $0.map { Double($0) } }
        guard truth.contains(where: \.isFinite) else {
            throw StageFailure("No validation song is rated at a moment at which training songs are.")
        }
        return ValidationSongs(source: songs, truth: truth)
    }

    private func requireMemory(
        _ network: RegressionTrainer.Network, _ settings: TrainingSettings, _ source: SequenceSource
    ) throws {
        let needed = RegressionTrainer.memory(network, settings: settings, inputShape: source.inputShape).total
        let limit = MachineMemory.limit
        guard needed > limit else { return }
        throw StageFailure(
            "This training needs about \(MachineMemory.text(needed)) of memory (sequences of \(source.times.count) x "
                + "\(source.scaling.means.count), \(settings.threads) at a time), but only "
                + "\(MachineMemory.text(limit)) is available. Read fewer `parts`, lower `widths`, or run with "
                + "fewer `--jobs`."
        )
    }

    private func writeModel(
        _ weights: SafetensorsFile, _ network: SequenceRegressor.Configuration, _ history: TrainingHistory,
        _ grid: TimeGrid, _ scale: RatingScale, songs: Int, parts: [String], seen: Lineage
    ) throws {
        let config: Value = [
            "format": .string(NetworkFormat.sequence.rawValue), "version": .int(NetworkFormat.version),
            "architecture": SequenceArchitecture.value(
                network, inputDropout: recipe.inputDropout, dropout: recipe.dropout),
            "input": .map(
                grid.value.merging(
                    ["parts": .list(parts.map { .string($0) }), "patch_seconds": .double(study.patchSeconds)]) { $1 }),
            "output": [
                "dimensions": .list(study.dimensions.map { .string($0) }), "scale": scale.value,
            ],
            "training": [
                "songs": .int(songs), "epochs": .int(history.epochs.count),
                "epoch": .int(recipe.keptEpoch(history) + 1),
            ],
        ]
        try context.writeFiles(
            SequenceTrainStage.model,
            [
                ("config.json", try context.store(Array((JSON.pretty(config) + "\n").utf8))),
                ("weights.safetensors", try context.store(try weights.bytes())),
            ], lineage: seen)
    }

    private func report(_ history: TrainingHistory, songs: Int, parameters: Int) {
        context.services.metric("songs.fitted", Double(songs))
        context.services.metric("parameters", Double(parameters))
        context.services.metric("epochs", Double(history.epochs.count))
        let kept = recipe.keptEpoch(history)
        if recipe.keep == .best { context.services.metric("epoch.kept", Double(kept + 1)) }
        for (name, value) in history.epochs[kept].sorted(by: { $0.key < $1.key })
        where name.hasPrefix("train.") || name.hasPrefix("validation.") {
            context.services.metric(name, value)
        }
    }
}
