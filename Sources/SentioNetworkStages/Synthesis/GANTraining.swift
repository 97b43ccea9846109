import Foundation
import SentioBase
import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import SentioSongStages

/// One training of a GAN: reads the training songs, trains, writes the results.
struct GANTraining {
    let context: StageContext
    let recipe: GANRecipe
    let dimensions: [String]
    let scale: RatingScale
    private let bounds: ClosedRange<Double>
    private let labels: InputTable
    private let reader: SpectrogramReader
    /// Training songs with spectrogram and labels, in byte order.
    private let songs: [String]

    /// - throws: `StageFailure`, `BlobStoreError`.
    init(_ context: StageContext, _ recipe: GANRecipe) throws {
        self.context = context
        self.recipe = recipe
        let split = try SplitTable(try context.table(GANTrainStage.split))
        let labels = try context.table(GANTrainStage.labels)
        let reader = SpectrogramReader(context, GANTrainStage.spectrograms), training = split.songs(in: [.train])
        dimensions = LabelTable.dimensions(labels.attributes)
        bounds = try LabelTable.scale(labels.attributes, port: labels.port)
        scale = RatingScale(bounds)
        songs = training.filter { reader.collection.contains($0) && labels.contains($0) }
        let absent = training.filter { !reader.collection.contains($0) || !labels.contains($0) }
        if !absent.isEmpty {
            context.services.warn(
                "\(IDList.songs(absent.count)) of the training set without spectrogram or labels left out: "
                    + "\(IDList.text(absent))."
            )
        }
        (self.labels, self.reader) = (labels, reader)
    }

    /// - throws: `StageFailure`, `BlobStoreError`, `StageCancelled`.
    func run() throws {
        guard songs.count > 1 else {
            throw StageFailure(
                "A GAN learns what songs have in common, but the split leaves "
                    + "\(songs.isEmpty ? "no song" : "one song, \(songs[0]),") with spectrogram and labels to train "
                    + "on. Give it at least two; a few hundred are useful."
            )
        }
        let initial = try InitialGAN(context)
        if initial == nil { sayWhetherSongsSuffice() }
        guard recipe.batch <= songs.count * recipe.crops else {
            throw StageFailure(
                "A batch of \(recipe.batch) is larger than the \(IDList.songs(songs.count)) to train "
                    + "on\(recipe.crops > 1 ? " with \(recipe.crops) crops each" : ""). Lower `batch`, or raise "
                    + "`crops`."
            )
        }
        let ratings = try ratings()
        let spectrograms = try reader.open(songs)
        let (generator, critic) = try networks(mels: spectrograms[0].mels)
        try initial?.requireFit(
            generator: generator.configuration, critic: critic.configuration, dimensions: dimensions, bounds: bounds,
            attributes: reader.collection.attributes)
        sayLengths(spectrograms)
        var settings = AdversarialSettings()
        settings.batch = recipe.batch
        settings.criticSteps = recipe.criticSteps
        (settings.generatorRate, settings.criticRate) = (recipe.generatorRate, recipe.criticRate)
        settings.optimizer = AdamW(beta1: Float(recipe.beta1), beta2: Float(recipe.beta2), decay: 0)
        settings.loss = recipe.adversarialLoss
        let epochs = recipe.epochs(stepsPerEpoch: songs.count * recipe.crops / recipe.batch)
        (settings.instanceNoise, settings.noiseEpochs) = (recipe.instanceNoise, epochs)
        settings.generatorSteps = recipe.steps
        (settings.realPenalty, settings.regression) = (recipe.realPenalty, recipe.criticRegression)
        settings.average = Float(recipe.average)
        settings.seed = recipe.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        settings.threads = context.threads
        try requireMemory(generator, critic, settings)

        let scaling = initial?.scaling ?? self.scaling(spectrograms)
        settings.augmentation = augmentation(scaling, mels: generator.configuration.mels)
        let source = GANSource(
            songs: spectrograms, targets: scale.scaled(ratings), dimensions: dimensions.count, frames: recipe.frames,
            crops: recipe.crops,
            scaling: scaling, seed: settings.seed)
        let watch = try SampleWatch(
            source, noise: recipe.noise, count: recipe.samples, dimensions: dimensions, seed: settings.seed)
        // Only training songs have been read, and those behind the initial generator.
        let seen = context.lineage()
        let trainer = AdversarialTrainer(generator, critic, settings: settings, source: source)
        if let initial {
            try initial.start(trainer)
            context.services.log(initial.sentence)
        }
        context.services.log(
            "\(IDList.songs(songs.count)), crops of \(generator.configuration.mels) x \(recipe.frames), "
                + "\(scaling.text), \(trainer.generatorParameters.trainedCount) and "
                + "\(trainer.criticParameters.trainedCount) "
                + "parameters, \(trainer.stepsPerEpoch) steps an epoch, about "
                + "\(MachineMemory.text(AdversarialTrainer.memory(generator, critic, settings: settings)))"
        )
        let task = GANTask(self, trainer, watch, epochs: epochs)
        let loop = EpochLoop(
            services: context.services, epochs: epochs, checkpointSeconds: recipe.checkpointSeconds)
        let history = try loop.run(task)
        try write(trainer, watch, history, task.sheets, ratings: ratings, seen: seen)
        report(watch, history)
    }

    // MARK: Before the first step

    /// Number of training songs below which no settings are known to work.
    static let fewestSongs = 100

    private func sayWhetherSongsSuffice() {
        guard songs.count < Self.fewestSongs else { return }
        context.services.warn(
            "\(IDList.songs(songs.count)) are too few for a GAN: with 65 training songs none of the settings we tried "
                + "produced usable samples, with 112 some did. Train the generator on more songs, for example on "
                + "several datasets united; otherwise check its samples before you train on them."
        )
    }

    private func scaling(_ spectrograms: [SongSpectrogram]) -> GeneratorScaling {
        switch recipe.scaling {
        case .range: .range(DecibelRange(spectrograms, tail: recipe.tail))
        case .bands: .bands(BandScaling(spectrograms))
        }
    }

    /// The augmentation of what the critic sees, with each band's gain on the scale of the generator.
    private func augmentation(_ scaling: GeneratorScaling, mels: Int) -> AdversarialAugmentation {
        var augmentation = AdversarialAugmentation()
        (augmentation.roll, augmentation.masks) = (recipe.augmentRoll, recipe.augmentMasks)
        if recipe.augmentGain > 0 {
            augmentation.gain = (0..<mels).map { Float(recipe.augmentGain * scaling.line($0).scale) }
        }
        return augmentation
    }

    private func ratings() throws -> Matrix {
        let ratings = try labels.matrix(for: songs, columns: dimensions)
        for (row, song) in songs.enumerated() {
            for (column, dimension) in dimensions.enumerated() where !bounds.contains(ratings[row, column]) {
                throw StageFailure(
                    "The \(dimension) of song \(song) is \(NumberText.short(ratings[row, column])), outside the "
                        + "labels' scale of \(NumberText.short(bounds.lowerBound)) to "
                        + "\(NumberText.short(bounds.upperBound)). Correct the rating, or give the dataset stage its "
                        + "true scale."
                )
            }
        }
        return ratings
    }

    private func networks(mels: Int) throws -> (Generator, Discriminator) {
        let generator = GANNetworks.generator(recipe, mels: mels, condition: dimensions.count)
        if let problem = generator.problem {
            throw StageFailure("\(problem) Set `n_mels` of mel-extract, or `frames` and `dim` here.")
        }
        return (
            Generator(generator), Discriminator(GANNetworks.critic(recipe, mels: mels, condition: dimensions.count))
        )
    }

    private func sayLengths(_ spectrograms: [SongSpectrogram]) {
        let short = spectrograms.filter { $0.frames < recipe.frames }
        guard !short.isEmpty else { return }
        context.services.warn(
            "\(IDList.songs(short.count)) shorter than \(recipe.frames) frames are padded with silence, which the "
                + "generator will learn too: \(IDList.text(short.map(\.song))). Lower `frames`."
        )
    }

    private func requireMemory(_ generator: Generator, _ critic: Discriminator, _ settings: AdversarialSettings) throws
    {
        let training = AdversarialTrainer.memory(generator, critic, settings: settings), limit = MachineMemory.limit
        // A checkpoint is assembled in memory and then written: parameters, two moments and the average, twice.
        let parameters = (generator.parameters + critic.parameters).reduce(0) { $0 + $1.parameter.shape.count }
        let needed = training + 2 * 4 * MemoryLayout<Float>.stride * parameters
        guard needed > limit else { return }
        throw StageFailure(
            "This training needs about \(MachineMemory.text(needed)) of memory (\(parameters) parameters, crops of "
                + "\(generator.configuration.mels) x \(recipe.frames), batches of \(recipe.batch)), but only "
                + "\(MachineMemory.text(limit)) is available. Lower `batch`, `frames` or `dim`."
        )
    }

    // MARK: After the last step

    private func write(
        _ trainer: AdversarialTrainer, _ watch: SampleWatch, _ history: TrainingHistory,
        _ sheets: [(name: String, blob: BlobReference)],
        ratings: Matrix, seen: Lineage
    ) throws {
        let columns = dimensions.indices.map { ratings.column($0) }
        let scaling = watch.source.scaling.entry
        let shared: [String: Value] = [
            "version": 1, scaling.key: scaling.value, "spectrograms": .map(reader.collection.attributes),
            "ratings": [
                "dimensions": .list(dimensions.map { .string($0) }),
                "scale": [.double(bounds.lowerBound), .double(bounds.upperBound)],
                "low": .list(columns.map { .double($0.min() ?? 0) }),
                "high": .list(columns.map { .double($0.max() ?? 0) }),
            ],
            "training": [
                "songs": .int(songs.count), "epochs": .int(history.epochs.count), "loss": .string(recipe.loss.rawValue),
            ],
        ]
        func config(_ format: String, _ architecture: Value) throws -> BlobReference {
            let value = Value.map(shared.merging(["format": .string(format), "architecture": architecture]) { $1 })
            return try context.store(Array((JSON.pretty(value) + "\n").utf8))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try context.writeFiles(
            GANTrainStage.generator,
            [
                ("config.json", try config(GeneratorModel.format, GANNetworks.value(trainer.generator.configuration))),
                ("recovery.json", try context.store(Array(try encoder.encode(watch.recovery.model)))),
                ("weights.safetensors", try context.store(try trainer.generatorWeights.bytes())),
            ], lineage: seen)
        try context.writeFiles(
            GANTrainStage.critic,
            [
                ("config.json", try config(CriticModel.format, GANNetworks.value(trainer.critic.configuration))),
                ("weights.safetensors", try context.store(try trainer.criticWeights.bytes())),
            ], lineage: seen)
        try context.write(GANTrainStage.history, file: "history.csv", Array(history.table().csv.utf8), lineage: seen)
        try context.writeFiles(GANTrainStage.sheets, sheets, lineage: seen)
    }

    private func report(_ watch: SampleWatch, _ history: TrainingHistory) {
        let services = context.services
        services.metric("songs.fitted", Double(songs.count))
        services.metric("epochs", Double(history.epochs.count))
        for (name, value) in (history.epochs.last ?? [:]).sorted(by: { $0.key < $1.key })
        where name.hasPrefix("samples.") || name.hasPrefix("real.") {
            services.metric(name, value)
        }
        sayWhetherSongsAreCopied(history)
        for (dimension, r) in zip(dimensions, watch.recovery.onReal ?? []) {
            services.metric("real.\(dimension).recovery", r)
        }
        // The end of the training, which shows whether either side has won.
        let last = history.epochs.suffix(max(1, history.epochs.count / 3))
        for name in ["critic.accuracy", "critic.accuracy_real", "critic.accuracy_fake", "critic.margin"] {
            let values = last.compactMap { $0[name] }
            guard !values.isEmpty else { continue }
            services.metric("\(name).last_third.mean", values.reduce(0, +) / Double(max(1, values.count)))
            services.metric("\(name).last_third.min", values.min() ?? 0)
            services.metric("\(name).last_third.max", values.max() ?? 0)
        }
    }

    /// Samples much nearer to training songs than these are to each other are copies.
    private func sayWhetherSongsAreCopied(_ history: TrainingHistory) {
        guard let last = history.epochs.last, let samples = last["samples.nearest_song"],
            let real = last["real.nearest_song"], samples < SampleWatch.copyDistance * real
        else { return }
        context.services.warn(
            "The generator may have memorized its training songs: the nearest one is \(NumberText.three(samples)) "
                + "standard deviations from a sample, but \(NumberText.three(real)) from another song. Lower `epochs` "
                + "or `steps`, or train on more songs."
        )
    }
}
