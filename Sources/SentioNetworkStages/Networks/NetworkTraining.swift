import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import SentioSongStages

/// Trains a network on spectrograms of songs as a stage does: what every kind that trains one shares.
///
///     public func run(_ context: StageContext) throws {
///         try NetworkTraining(context, recipe).run { shape in TrainableNetwork(…) }
///     }
///
/// Training songs are read first, then validation songs if the result depends on them; what was read up to there is
/// what the network has seen. Validation songs that are only monitored do not count, since nothing depends on them.
struct NetworkTraining {
    static let modelType = ArtifactType("network", form: .files)
    static let historyType = ArtifactType("training-history", form: .files)
    static let spectrograms = InputPort(
        "spectrograms", .spectrograms, "One spectrogram a song, all with the same bands.")
    static let labels = InputPort("labels", .labels, "Ratings.")
    static let split = InputPort("split", .split, "Which songs to train on.")
    static let training = InputPort(
        "training", .labelledSpectrograms, isRequired: false,
        "What to train on instead of the split's training songs: some of them, and synthetic items with ratings of "
            + "their own."
    )
    static let inputs = [spectrograms, labels, split, training]
    static let model = OutputPort(
        "model", modelType, "`weights.safetensors` with names as PyTorch has them, and `config.json`.")
    static let predictions = OutputPort(
        "predictions", .predictions, "Predicted ratings of all songs of the split: the mean over crops.")
    static let history = OutputPort(
        "history", historyType, "CSV: losses, R², CCC, learning rate and gradient of each epoch.")
    static let outputs = [model, predictions, history]
    /// Of kinds that read spectrograms.
    static let application = Application.model(
        ModelApplication(model, predictions: predictions, by: NetworkFormat.ast.applyingKind, from: [spectrograms]))

    let context: StageContext
    let recipe: TrainingRecipe
    let dimensions: [String]
    let scale: RatingScale
    let split: SplitTable
    let labels: InputTable
    let reader: SpectrogramReader
    /// What the network reads of a song, in a sentence.
    let item: String
    /// Songs of the split with spectrogram (or whatever the network reads) and labels, in byte order.
    let songs: [String]

    /// Opens the inputs; songs of the split without spectrogram or labels are named in a warning.
    /// - parameter port: what songs are read from, and what one of its items is called.
    /// - throws: `StageFailure`, `BlobStoreError`.
    init(
        _ context: StageContext, _ recipe: TrainingRecipe,
        reading port: (port: InputPort, item: String) = (Self.spectrograms, "spectrogram")
    ) throws {
        self.context = context
        self.recipe = recipe
        let split = try SplitTable(try context.table(Self.split)), labels = try context.table(Self.labels)
        let reader = SpectrogramReader(context, port.port)
        item = port.item
        dimensions = LabelTable.dimensions(labels.attributes)
        scale = RatingScale(try LabelTable.scales(labels.attributes, port: Self.labels))
        songs = split.ids.filter { reader.collection.contains($0) && labels.contains($0) }
        let absent = split.ids.filter { !reader.collection.contains($0) || !labels.contains($0) }
        if !absent.isEmpty {
            context.services.warn(
                "\(IDList.songs(absent.count)) of the split without \(port.item) or labels left out: "
                    + "\(IDList.text(absent))."
            )
        }
        (self.split, self.labels, self.reader) = (split, labels, reader)
    }

    /// Trains, predicts and writes `model`, `predictions` and `history`.
    ///
    /// - parameter make: the network for spectrograms of that shape; may throw a sentence where they do not fit.
    /// - throws: `StageFailure`, `BlobStoreError`, `StageCancelled`.
    func run(_ make: (NetworkShape) throws -> TrainableNetwork) throws {
        if let problem = recipe.lossWeights?.problem(for: dimensions) { throw StageFailure(problem) }
        let items = try trainingItems(), spectrograms = items.spectrograms
        let frames = recipe.frames > 0 ? recipe.frames : try reader.commonFrames(spectrograms)
        let trainable = try make(NetworkShape(mels: spectrograms[0].mels, frames: frames, outputs: dimensions.count))
        let scaling = try scaling(items)
        var settings = settings(trainable, samples: spectrograms.count)
        settings.groups = try groups(of: items)
        warnOfPrecision(settings)
        try requireMemory(trainable, settings, mels: spectrograms[0].mels, frames: frames)
        var augmentation = recipe.augmentation
        augmentation.mixingBandwidth /= scale.halfRange
        let source = SpectrogramSource(
            songs: spectrograms, targets: scale.scaled(items.ratings), weights: items.weights,
            dimensions: dimensions.count, frames: frames, scaling: scaling, augmentation: augmentation,
            seed: settings.seed)

        let beforeValidation = context.lineage()
        let validation = try validationSongs(frames: frames, mels: spectrograms[0].mels, scaling: scaling)
        let seen = recipe.choosesByValidation ? context.lineage() : beforeValidation

        let trainer = RegressionTrainer(trainable.network, settings: settings, source: source)
        context.services.log(
            "\(items.text) of \(spectrograms[0].mels) x \(frames), \(trainable.parameterCount) parameters, "
                + "\(trainer.stepsPerEpoch) steps an epoch, about "
                + "\(MachineMemory.text(memory(trainable, settings, mels: spectrograms[0].mels, frames: frames)))"
        )
        let task = RegressionTask(
            context, recipe, dimensions: dimensions, trainer, startingValues: trainable.startingValues, validation)
        let loop = EpochLoop(
            services: context.services, epochs: recipe.epochs, checkpointSeconds: recipe.checkpointSeconds)
        let history = try loop.run(task), weights = task.weights
        if let verdict = recipe.verdict(on: history) { context.services.log(verdict) }

        try writeModel(trainable, weights, history, scaling: scaling, frames: frames, items, seen: seen)
        try context.write(Self.history, file: "history.csv", Array(history.table().csv.utf8), lineage: seen)
        try writePredictions(
            trainer, weights, scaling: scaling, frames: frames, mels: spectrograms[0].mels, items, seen: seen)
        report(trainable, history, items)
    }

    // MARK: Before the first step

    private func validationSongs(frames: Int, mels: Int, scaling: SpectrogramScaling) throws -> ValidationSongs? {
        let chosen = try watchedSongs()
        guard !chosen.isEmpty else { return nil }
        let ratings = try ratings(of: chosen)
        let spectrograms = try reader.open(chosen, mels: mels, frames: recipe.frames == 0 ? frames : 0)
        return ValidationSongs(
            source: CropSource(
                songs: spectrograms, dimensions: dimensions.count, frames: frames, crops: recipe.crops, scaling: scaling
            ),
            truth: scale.scaled(ratings).map { Double($0) })
    }

    /// The validation songs, unless they are trained on; empty where there are none.
    /// - throws: `StageFailure` where there are none and a parameter goes by them.
    func watchedSongs() throws -> [String] {
        guard !recipe.fitOn.contains(.validation) else { return [] }
        let chosen = ratedSongs(in: [.validation])
        if chosen.isEmpty, let chooser = recipe.validationChooser {
            throw StageFailure(
                "`\(chooser.parameter)` needs validation songs, and the split has none with \(item) and "
                    + "labels. Give `split` a share `validation`, or set `\(chooser.parameter): "
                    + "\(chooser.without)`."
            )
        }
        return chosen
    }

    func warnOfPrecision(_ settings: TrainingSettings) {
        if recipe.precision == .bf16, settings.precision == .float32 {
            context.services.warn("This CPU has no bf16 arithmetic (AVX-512 bf16 or AMX); training in float32.")
        }
    }

    private func scaling(_ items: TrainingItems) throws -> SpectrogramScaling {
        guard recipe.normalisation == .dataset else { return .clip }
        let counted =
            recipe.statistics == .all
            ? items.spectrograms : zip(items.spectrograms, items.isReal).compactMap { $1 ? $0 : nil }
        guard !counted.isEmpty else {
            throw StageFailure(
                "`statistics: real` scales by the real songs among the training items, and `training` has none. Write "
                    + "`statistics: all`."
            )
        }
        let moments = counted.reduce(SongSpectrogram.Moments()) { $0 + $1.moments }
        return .dataset(mean: moments.mean, deviation: moments.deviation)
    }

    func settings(_ trainable: TrainableNetwork, samples: Int) -> TrainingSettings {
        var settings = TrainingSettings()
        settings.epochs = recipe.scheduleEpochs ?? recipe.epochs
        switch recipe.epochSize {
        case .all: settings.samplesPerEpoch = 0
        case .real: settings.samplesPerEpoch = ratedSongs(in: recipe.fitOn).count
        case .count(let count): settings.samplesPerEpoch = count
        }
        let size = settings.samplesPerEpoch == 0 ? samples : settings.samplesPerEpoch
        // A batch that all samples must fill is no larger than there are samples.
        settings.batch = trainable.microBatch == 0 ? min(recipe.batch, samples, size) : recipe.batch
        settings.microBatch = trainable.microBatch
        settings.optimizer = AdamW(decay: Float(recipe.weightDecay))
        settings.learningRate = recipe.learningRate
        settings.schedule = recipe.learningRateSchedule
        settings.warmup = Int((recipe.warmup * Double((size + settings.batch - 1) / settings.batch)).rounded())
        settings.loss = recipe.loss(scale)
        settings.dimensionWeights = dimensionWeights
        settings.clip = recipe.clip
        settings.average = Float(recipe.average)
        settings.seed = recipe.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        settings.threads = context.threads
        settings.precision = recipe.precision.precision
        return settings
    }

    private func memory(_ trainable: TrainableNetwork, _ settings: TrainingSettings, mels: Int, frames: Int) -> Int {
        // A checkpoint is put together and written as a whole: parameters, two moments, average and best, twice.
        let checkpoint = 2 * 5 * MemoryLayout<Float>.stride * trainable.parameterCount
        return RegressionTrainer.memory(trainable.network, settings: settings, inputShape: [mels, frames]).total
            + checkpoint
    }

    private func requireMemory(_ trainable: TrainableNetwork, _ settings: TrainingSettings, mels: Int, frames: Int)
        throws
    {
        let needed = memory(trainable, settings, mels: mels, frames: frames), limit = MachineMemory.limit
        guard needed > limit else { return }
        throw StageFailure(
            "This training needs about \(MachineMemory.text(needed)) of memory (\(trainable.parameterCount) "
                + "parameters, spectrograms of \(mels) x \(frames), \(settings.threads) at a time), but only "
                + "\(MachineMemory.text(limit)) is available. Lower `frames` or the network's size, or run with fewer "
                + "`--jobs`."
        )
    }

    // MARK: After the last step

    private func writeModel(
        _ trainable: TrainableNetwork, _ weights: SafetensorsFile, _ history: TrainingHistory,
        scaling: SpectrogramScaling, frames: Int,
        _ items: TrainingItems, seen: Lineage
    ) throws {
        var training: [String: Value] = [
            "songs": .int(items.realCount), "epochs": .int(history.epochs.count),
            "epoch": .int(recipe.keptEpoch(history) + 1),
            "precision": .string(recipe.precision.precision.rawValue),
        ]
        if items.syntheticCount > 0 { training["synthetic"] = .int(items.syntheticCount) }
        let config: Value = [
            "format": .string(trainable.format.rawValue), "version": .int(NetworkFormat.version),
            "architecture": trainable.architecture,
            "input": [
                "normalisation": scaling.value, "frames": .int(frames), "crops": .int(recipe.crops),
                "spectrograms": .map(reader.collection.attributes),
            ],
            "output": ["dimensions": .list(dimensions.map { .string($0) }), "scale": scale.value],
            "training": .map(training),
        ]
        try context.writeFiles(
            Self.model,
            [
                ("config.json", try context.store(Array((JSON.pretty(config) + "\n").utf8))),
                ("weights.safetensors", try context.store(try weights.bytes())),
            ], lineage: seen)
    }

    /// Songs are opened some at a time: a system has fewer mappings than a large collection has songs.
    private func writePredictions(
        _ trainer: RegressionTrainer, _ weights: SafetensorsFile, scaling: SpectrogramScaling, frames: Int, mels: Int,
        _ items: TrainingItems, seen: Lineage
    ) throws {
        let context = context
        var predictions: [Double] = []
        for start in stride(from: 0, to: songs.count, by: 1024) {
            let some = Array(songs[start..<min(start + 1024, songs.count)])
            let opened = try reader.open(some, mels: mels, frames: recipe.frames == 0 ? frames : 0)
            let source = CropSource(
                songs: opened, dimensions: dimensions.count, frames: frames, crops: recipe.crops, scaling: scaling)
            predictions += source.averaged(
                try trainer.predict(source, weights: weights) { _ in try context.checkCancelled() })
            context.services.progress(done: start + some.count, of: songs.count, note: "songs predicted")
        }
        try write(predictions, items, seen: seen)
    }

    /// Writes predictions [songs, dimensions] of all `songs`, and tells of those on the training songs.
    func write(_ predictions: [Double], _ items: TrainingItems, seen: Lineage) throws {
        let ratings = scale.ratings(predictions, dimensions: dimensions.count)
        try context.writeTable(
            Self.predictions, Self.table(ratings, songs: songs, dimensions: dimensions), fitted: seen)
        let position = Dictionary(uniqueKeysWithValues: songs.enumerated().map { ($1, $0) })
        let real = items.ids.indices.filter { items.isReal[$0] && position[items.ids[$0]] != nil }
        let fitted = ratings.selecting(rows: real.compactMap { position[items.ids[$0]] }),
            truth = items.ratings.selecting(rows: real)
        for (name, value) in try TrainingHistory.scores("train", fitted.values, truth.values, dimensions: dimensions) {
            context.services.metric(name, value)
        }
    }

    /// Ratings [songs, dimensions] as a table of predictions.
    static func table(_ ratings: Matrix, songs: [String], dimensions: [String]) -> Table {
        let rows = songs.enumerated().map { index, song in [song] + ratings.row(index).map { "\($0)" } }
        return Table(columns: ["song_id"] + dimensions, rows: rows)
    }

    func report(_ trainable: TrainableNetwork, _ history: TrainingHistory, _ items: TrainingItems) {
        context.services.metric("songs.fitted", Double(items.realCount))
        if items.syntheticCount > 0 { context.services.metric("items.synthetic", Double(items.syntheticCount)) }
        context.services.metric("parameters", Double(trainable.parameterCount))
        context.services.metric("epochs", Double(history.epochs.count))
        let kept = recipe.keptEpoch(history)
        if recipe.keep == .best { context.services.metric("epoch.kept", Double(kept + 1)) }
        for (name, value) in history.epochs[kept] where name.hasPrefix("validation.") {
            context.services.metric(name, value)
        }
    }
}
