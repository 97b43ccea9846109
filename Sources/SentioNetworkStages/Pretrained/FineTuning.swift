import SentioAudio
import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages

/// One fine-tuning, from the inputs of a stage to its outputs.
struct FineTuning {
    /// Songs that are predicted at a time, so that few activations are in memory.
    private static let predictedAtOnce = 32

    let training: NetworkTraining
    let options: FineTuneOptions
    private let spectrogram: EncoderSpectrogram
    private var context: StageContext { training.context }

    init(_ training: NetworkTraining, _ options: FineTuneOptions) throws {
        self.training = training
        self.options = options
        spectrogram = try EncoderSpectrogram()
    }

    /// Trains, predicts and writes `model`, `predictions` and `history`.
    /// - throws: `StageFailure`, `PretrainedError`, `BlobStoreError`, `StageCancelled`.
    func run() throws {
        let recipe = training.recipe, dimensions = training.dimensions
        try Encoder.requireRate(training.reader.collection.attributes)
        if let problem = recipe.lossWeights?.problem(for: dimensions) { throw StageFailure(problem) }
        let encoder = try Encoder(weights: try context.file(FineTuneStage.weights))
        let items = try training.items(try training.trainingSongs()), collections = try collections(of: items.ids)
        var sizes = options.network
        (sizes.outputs, sizes.contexts) = (dimensions.count, collections.count)
        let model = EncoderRegressor(encoder.model, patch: Encoder.patch, sizes),
            values = encoder.file.tensors.mapValues(\.values)
        let trainable = TrainableNetwork(
            network: RegressionTrainer.Network(model) { $0($1) }, microBatch: 1, format: .fineTune,
            architecture: FineTuneArchitecture(encoder: encoder.architecture, network: sizes, contexts: collections)
                .value, startingValues: values)
        let sound = try waveforms(items.ids)

        let beforeValidation = context.lineage()
        let watched = try training.watchedSongs()
        let watchedSound = watched.isEmpty ? nil : try waveforms(watched)
        let truth = watched.isEmpty ? [] : training.scale.scaled(try training.ratings(of: watched)).map { Double($0) }
        let watchedPlaces = try places(of: watched, collections)
        let seen = recipe.choosesByValidation ? context.lineage() : beforeValidation

        var settings = training.settings(trainable, samples: items.ids.count * options.epochPatches)
        let groups = try training.groups(of: items)
        // Sample i of an epoch is a patch of song i % songs.
        settings.groups = (0..<options.epochPatches).flatMap { _ in groups }
        settings.rateFactors = model.rateFactors(decay: options.lowerRate)
        training.warnOfPrecision(settings)
        let memory = memory(
            trainable, model, settings, patches: sound.patches.count + (watchedSound?.patches.count ?? 0))
        try require(memory)

        let frozen = FrozenPart(model, encoder, threads: context.threads)
        func opened(_ sound: WaveformSongs) throws -> any PatchSongs {
            try frozen.songs(sound, services: context.services)
        }
        func predicting(_ songs: any PatchSongs, _ places: [Int?]) -> PatchPredictionSource {
            PatchPredictionSource(
                songs: songs, contexts: places, contextCount: collections.count, dimensions: dimensions.count)
        }
        var augmentation = recipe.augmentation
        augmentation.mixingBandwidth /= training.scale.halfRange
        let source = PatchSource(
            songs: try opened(sound), contexts: try places(of: items.ids, collections),
            contextCount: collections.count, targets: training.scale.scaled(items.ratings), weights: items.weights,
            dimensions: dimensions.count, patches: options.epochPatches, augmentation: augmentation,
            mean: values[encoder.model.inputMean]?.first ?? 0, seed: settings.seed)
        let watchedSource = try watchedSound.map { predicting(try opened($0), watchedPlaces) }

        let trainer = RegressionTrainer(trainable.network, settings: settings, source: source)
        context.services.log(
            "\(items.text), \(sound.patches.count) patches, \(trainable.parameterCount) trained parameters, "
                + "\(trainer.stepsPerEpoch) steps an epoch, about \(MachineMemory.text(memory.total))")
        let task = RegressionTask(
            context, recipe, dimensions: dimensions, trainer, startingValues: trainable.startingValues,
            watchedSource.map { ValidationSongs(source: $0, truth: truth) })
        let loop = EpochLoop(
            services: context.services, epochs: recipe.epochs, checkpointSeconds: recipe.checkpointSeconds)
        let history = try loop.run(task), weights = task.weights
        if let verdict = recipe.verdict(on: history) { context.services.log(verdict) }

        try writeModel(encoder, trainable, weights, history, items, seen: seen)
        try context.write(
            NetworkTraining.history, file: "history.csv", Array(history.table().csv.utf8), lineage: seen)
        var predicted: [String: [Double]] = [:], short = sound.shortIDs + (watchedSound?.shortIDs ?? [])
        func predict(_ source: PatchPredictionSource) throws {
            let context = context
            let values = source.averaged(
                try trainer.predict(source, weights: weights) { _ in try context.checkCancelled() })
            for (index, song) in source.songs.ids.enumerated() {
                predicted[song] = Array(values[index * dimensions.count..<(index + 1) * dimensions.count])
            }
        }
        try predict(predicting(source.songs, source.contexts))
        if let watchedSource { try predict(watchedSource) }
        let others = training.songs.filter { predicted[$0] == nil }
        for start in stride(from: 0, to: others.count, by: Self.predictedAtOnce) {
            let sound = try waveforms(Array(others[start..<min(start + Self.predictedAtOnce, others.count)]))
            try predict(predicting(try opened(sound), try places(of: sound.ids, collections)))
            short += sound.shortIDs
            context.services.progress(done: start + sound.ids.count, of: others.count, note: "songs predicted")
        }
        WaveformSongs.warn(ofShort: short, context.services)
        if !collections.isEmpty { try warn(ofForeign: training.songs, collections) }
        try training.write(training.songs.flatMap { predicted[$0] ?? [] }, items, seen: seen)
        training.report(trainable, history, items)
    }

    private func waveforms(_ songs: [String]) throws -> WaveformSongs {
        try WaveformSongs(songs, of: training.reader.collection, limit: options.patches, spectrogram: spectrogram)
    }

    // MARK: Collections

    /// The collections that songs are from, in byte order; empty where they do not matter.
    /// - throws: `StageFailure` where the labels have no such column.
    private func collections(of songs: [String]) throws -> [String] {
        guard let column = options.context else { return [] }
        let found = Set(try training.labels.rows(for: songs, columns: [column]).map { $0[0] }.filter { !$0.isEmpty })
        guard found.count > 1 else {
            context.services.warn(
                "`context: \(column)` has no effect: the labels do not tell training songs of several collections "
                    + "apart.")
            return []
        }
        return found.sorted()
    }

    /// The collection of each song; nil for those that no training song is from.
    private func places(of songs: [String], _ collections: [String]) throws -> [Int?] {
        guard let column = options.context, !collections.isEmpty else { return songs.map { _ in nil } }
        return try training.labels.rows(for: songs, columns: [column]).map { collections.firstIndex(of: $0[0]) }
    }

    // MARK: Memory

    private struct Memory {
        let total: Int
        /// Of stored activations.
        let stored: Int
        let patches: Int
    }

    private func memory(
        _ trainable: TrainableNetwork, _ model: EncoderRegressor, _ settings: TrainingSettings, patches: Int
    ) -> Memory {
        // A checkpoint is put together and written as a whole: parameters, two moments, average and best, twice.
        var total = 2 * 5 * MemoryLayout<Float>.stride * trainable.parameterCount
        total += RegressionTrainer.memory(trainable.network, settings: settings, inputShape: model.inputShape).total
        guard options.network.part != .all else { return Memory(total: total, stored: 0, patches: patches) }
        let stored = patches * StoredSongs.bytes(model.sampleShape)
        total += stored
        total += FrozenActivations.memory(input: Encoder.patch, threads: context.threads, model.below)
        return Memory(total: total, stored: stored, patches: patches)
    }

    private func require(_ memory: Memory) throws {
        let limit = MachineMemory.limit
        guard memory.total > limit else { return }
        throw StageFailure(
            "This training takes about \(MachineMemory.text(memory.total)), of which stored activations of "
                + "\(memory.patches) patches are \(MachineMemory.text(memory.stored)), and there are "
                + "\(MachineMemory.text(limit)). Lower `patches`, the most that are kept of a song, set `train: head` "
                + "or `train: all`, which store little or nothing, or run with fewer `--jobs`.")
    }

    // MARK: What is written and said

    private func writeModel(
        _ encoder: Encoder, _ trainable: TrainableNetwork, _ weights: SafetensorsFile, _ history: TrainingHistory,
        _ items: TrainingItems, seen: Lineage
    ) throws {
        // What was not trained belongs to the model too.
        var file = encoder.file
        for (name, tensor) in weights.tensors { file.tensors[name] = tensor }
        let config: Value = [
            "format": .string(trainable.format.rawValue), "version": .int(NetworkFormat.version),
            "architecture": trainable.architecture,
            "input": [
                "sample_rate": .int(EncoderSpectrogram.sampleRate), "frames": .int(EncoderSpectrogram.frames),
                "mels": .int(EncoderSpectrogram.bands), "patches": .int(options.patches),
            ],
            "output": [
                "dimensions": .list(training.dimensions.map { .string($0) }), "scale": training.scale.value,
            ],
            "training": [
                "songs": .int(items.realCount), "epochs": .int(history.epochs.count),
                "epoch": .int(training.recipe.keptEpoch(history) + 1),
                "precision": .string(training.recipe.precision.precision.rawValue),
            ],
        ]
        try context.writeFiles(
            NetworkTraining.model,
            [
                ("config.json", try context.store(Array((JSON.pretty(config) + "\n").utf8))),
                ("weights.safetensors", try context.store(try file.bytes())),
            ], lineage: seen)
    }

    private func warn(ofForeign songs: [String], _ collections: [String]) throws {
        let foreign = zip(songs, try places(of: songs, collections)).filter { $0.1 == nil }.map { $0.0 }
        guard !foreign.isEmpty else { return }
        context.services.warn(
            "\(IDList.songs(foreign.count)) of a collection that no training song is from, predicted by what the "
                + "others have in common: \(IDList.text(foreign)).")
    }
}
