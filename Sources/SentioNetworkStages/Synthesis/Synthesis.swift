import SentioBase
import SentioKit
import SentioLearn
import SentioNN
import SentioNumerics
import Synchronization

/// One run of `synthesize`.
struct Synthesis {
    private let context: StageContext
    private let configuration: Configuration
    private let model: GeneratorModel
    private let critic: CriticModel?
    private let draw: RatingDraw
    private let seed: UInt64
    private let count: Int

    /// Candidates per batch.
    private static let chunk = 64
    /// Candidates that determine the threshold of `keep`.
    static let reference = 256

    init(_ context: StageContext, _ configuration: Configuration) throws {
        self.context = context
        self.configuration = configuration
        model = try GeneratorModel(context, SynthesizeStage.generator)
        count = configuration[SynthesizeStage.count]
        seed = configuration[SynthesizeStage.seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        draw = try RatingDraw(configuration, context, model)
        guard configuration[SynthesizeStage.keep] == .critic else {
            critic = nil
            return
        }
        guard context.isConnected(SynthesizeStage.critic) else {
            throw StageFailure("`keep: critic` needs the critic: connect `critic`.")
        }
        critic = try CriticModel(context, SynthesizeStage.critic, for: model.configuration)
    }

    func run() throws {
        let sampler = try model.sampler(threads: context.threads)
        var state = try resume()
        let clock = ContinuousClock()
        var saved = clock.now
        func save() throws {
            try context.services.saveCheckpoint(state.encoded(), name: SynthesisCheckpoint.name, at: mark(state))
            saved = clock.now
        }
        if state.threshold == nil, configuration[SynthesizeStage.keep] != .all {
            state.threshold = try threshold(sampler)
        }
        let share = configuration[SynthesizeStage.keep] == .all ? 1 : configuration[SynthesizeStage.share]
        let most = Int(20 * Double(count) / share) + 100 * Self.reference
        while state.items.count < count {
            guard state.next < most else {
                throw StageFailure(
                    "Of \(state.next) candidates only \(state.items.count) passed `keep: "
                        + "\(configuration[SynthesizeStage.keep].rawValue)`. Raise `keep_share`, or train the "
                        + "generator further."
                )
            }
            // Without a filter, no more than requested; with one, the last chunk may yield a few too many.
            let size = state.threshold == nil ? min(Self.chunk, count - state.items.count) : Self.chunk
            let made = try make(state.next..<state.next + size, sampler, threshold: state.threshold)
            state.items += made.compactMap(\.self)
            state.next += size
            context.services.progress(done: min(count, state.items.count), of: count, note: "spectrograms")
            if context.services.isCancelled {
                try save()
                throw StageCancelled()
            }
            if clock.now - saved >= .seconds(configuration[SynthesizeStage.checkpointSeconds]) { try save() }
        }
        try save()
        try write(state)
    }

    // MARK: Candidates

    private func latent(_ candidate: Int) -> (values: [Float], ratings: [Double]) {
        var random = Philox(key: seed ^ 0x5F17_0000_0000, stream: UInt64(candidate))
        let ratings = draw.ratings(candidate, &random)
        return (
            (0..<model.configuration.noise).map { _ in Float(random.nextNormal()) } + ratings.map { Float($0) }, ratings
        )
    }

    /// The label of a candidate, on the scale -1...1.
    private func label(_ candidate: Int) -> [Double] {
        let requested = latent(candidate).ratings, certainty = configuration[SynthesizeStage.certainty]
        guard certainty < 1 else { return requested }
        var random = Philox(key: seed ^ 0x1ABE_0000_0000, stream: UInt64(candidate))
        return draw.label(for: requested, certainty: certainty, &random)
    }

    /// Makes candidates and stores those at or above the threshold; nil for the others.
    private func make(_ candidates: Range<Int>, _ sampler: GeneratorSampler, threshold: Double?) throws
        -> [SynthesisCheckpoint.Item?]
    {
        let found = Mutex([SynthesisCheckpoint.Item?](repeating: nil, count: candidates.count))
        let (context, scaling, shape) = (
            context, model.scaling, [model.configuration.mels, model.configuration.frames]
        )
        try each(candidates, sampler) { index, values, score, heard in
            if let threshold, score < threshold { return }
            let restored = scaling.restored(values, frames: shape[1])
            let blob = try context.store(NpyFile.write(NpyArray(restored, shape: shape)))
            let item = SynthesisCheckpoint.Item(candidate: candidates.lowerBound + index, blob: blob, heard: heard)
            found.withLock { $0[index] = item }
        }
        return found.withLock { $0 }
    }

    /// The score that the requested fraction of the first candidates reaches.
    private func threshold(_ sampler: GeneratorSampler) throws -> Double {
        let scores = Mutex([Double](repeating: 0, count: Self.reference))
        try each(0..<Self.reference, sampler) { index, _, score, _ in scores.withLock { $0[index] = score } }
        let dropped = Int((1 - configuration[SynthesizeStage.share]) * Double(Self.reference))
        return scores.withLock { $0.sorted()[min(Self.reference - 1, dropped)] }
    }

    /// Each candidate with its score and its recovered ratings. Calls `body` on several threads.
    private func each(
        _ candidates: Range<Int>, _ sampler: GeneratorSampler,
        _ body: @Sendable (_ index: Int, UnsafeBufferPointer<Float>, _ score: Double, _ heard: [Double]) throws -> Void
    ) throws {
        let latents = candidates.map { latent($0) },
            (mels, frames) = (model.configuration.mels, model.configuration.frames)
        let (recovery, keep) = (model.recovery, configuration[SynthesizeStage.keep])
        // One critic, one thread at a time.
        nonisolated(unsafe) let scorer = critic?.scorer
        let judging = Mutex(())
        try sampler.make(candidates.count, latent: latents.flatMap(\.values)) { index, values in
            guard values.allSatisfy(\.isFinite) else {
                throw StageFailure(
                    "The generator produces values that are not finite (candidate \(candidates.lowerBound + index)). "
                        + "Train it again."
                )
            }
            let statistics = SpectrogramStatistics.compute(values, mels: mels, frames: frames),
                ratings = latents[index].ratings
            let heard = Array(try recovery.predict(Matrix([statistics])).row(0))
            let score =
                switch keep {
                case .all: 0.0
                case .recovery: -zip(heard, ratings).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                case .critic: judging.withLock { _ in scorer?.score(values, ratings: ratings.map { Float($0) }) ?? 0 }
                }
            try body(index, values, score, heard)
        }
    }

    // MARK: Before and after

    /// The items of an earlier run, if they are still stored.
    private func resume() throws -> SynthesisCheckpoint {
        guard let bytes = try context.services.loadCheckpoint(name: SynthesisCheckpoint.name),
            let state = SynthesisCheckpoint(bytes)
        else {
            return SynthesisCheckpoint()
        }
        guard state.items.prefix(count).allSatisfy({ context.holds($0.blob) }) else {
            context.services.log("Spectrograms of an earlier run are no longer stored; all are made again.")
            return SynthesisCheckpoint()
        }
        if !state.items.isEmpty {
            context.services.goesOn(from: mark(state))
            context.services.log("Resumes from \(min(count, state.items.count)) spectrograms that are already stored.")
        }
        return state
    }

    private func mark(_ state: SynthesisCheckpoint) -> CheckpointMark {
        CheckpointMark(unit: "spectrogram", done: Double(min(count, state.items.count)), total: Double(count))
    }

    private func write(_ state: SynthesisCheckpoint) throws {
        let items = Array(state.items.prefix(count)), scale = model.scale
        let asked = items.map { latent($0.candidate).ratings }
        var ratings: [String: Value] = [:], rows: [[String]] = [], entries: [Manifest.Entry] = []
        for (number, item) in items.enumerated() {
            let id = "synthetic-\(NumberText.padded(number, to: 6))"
            let values = label(item.candidate).map { scale.center + scale.halfRange * $0 }
            entries.append(Manifest.Entry(id: id, file: id + ".npy", blob: item.blob))
            ratings[id] = .list(values.map { .double($0) })
            rows.append([id] + values.map { "\($0)" } + item.heard.map { "\(scale.center + scale.halfRange * $0)" })
        }
        let bounds: Value = [.double(model.bounds.lowerBound), .double(model.bounds.upperBound)]
        let own: [String: Value] = [
            "ratings": .map(ratings), "dimensions": .list(model.dimensions.map { .string($0) }), "scale": bounds,
            "frames": .int(model.configuration.frames),
        ]
        try context.writeCollection(
            SynthesizeStage.spectrograms, entries, attributes: model.attributes.merging(own) { $1 })
        let columns = ["song_id"] + model.dimensions + model.dimensions.map { "\($0)_heard" }
        try context.write(
            SynthesizeStage.labelsOutput, file: "labels.csv", Array(Table(columns: columns, rows: rows).csv.utf8))
        report(items, asked: asked)
    }

    private func report(_ items: [SynthesisCheckpoint.Item], asked: [[Double]]) {
        let services = context.services, looked = (items.last?.candidate ?? -1) + 1
        services.metric("spectrograms", Double(items.count))
        services.metric("dropped", Double(looked - items.count))
        for (column, dimension) in model.dimensions.enumerated() {
            let r = EmotionRecovery.correlation(
                items.map { $0.heard.indices.contains(column) ? $0.heard[column] : 0 }, asked.map { $0[column] })
            services.metric("\(dimension).recovery", r)
        }
        if looked > items.count {
            services.log(
                "\(looked - items.count) of \(looked) candidates dropped by `keep: "
                    + "\(configuration[SynthesizeStage.keep].rawValue)`, \(items.count) kept."
            )
        }
    }
}
