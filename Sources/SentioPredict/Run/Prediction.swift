public import SentioEngine
public import SentioKit
import SentioSpec
import SentioSongStages

/// Rates sound files with a model: runs its slice on them, in a workspace, so that songs are decoded in parallel and
/// nothing is computed twice.
///
/// A file that cannot be rated is named, and the others are rated.
public struct Prediction: Sendable {
    private let bundle: ModelBundle
    private let pipeline: String
    private let workspace: Workspace
    private let registry: StageRegistry

    /// The context that all songs are taken to be from, for models that were fitted with contexts; nil: unknown.
    public var context: String?
    /// The probability with which an interval is to hold the true rating, between 0 and 1; nil: no intervals.
    public var level: Double? = 0.9
    /// Cores to use.
    public var jobs = 1
    /// Receive the events of the runs.
    public var sinks: [any RunEventSink] = []

    /// Prepares a model in a workspace of its own: it should not be that of experiments, whose `latest` run it would
    /// replace.
    /// - Throws: `PredictError`, `OutputFileError`.
    public init(_ bundle: ModelBundle, in workspace: Workspace, registry: StageRegistry) throws {
        try bundle.slice.check(registry)
        self.bundle = bundle
        self.workspace = workspace
        self.registry = registry
        pipeline = try bundle.unpack(to: "\(Paths.absolute(workspace.path))/models/\(bundle.digest.hex)")
    }

    /// Rates files. Deterministic.
    /// - Throws: `PredictError` where the model cannot be applied at all; `CancellationError` when stopped.
    public func rate(_ files: [SoundFile], cancellation: Cancellation = Cancellation()) async throws -> SongRatings {
        var failures: [String: String] = [:], left = files, result = Rated()
        while !left.isEmpty {
            let outcome = try await run(left, cancellation)
            let broken = outcome.stages.reduce(into: [String: String]()) { all, stage in
                all.merge(stage.items?.failures ?? [:]) { first, _ in first }
            }
            if outcome.status == .succeeded {
                result = try rated(outcome)
                break
            }
            failures.merge(broken) { first, _ in first }
            let rest = left.filter { broken[$0.id] == nil }
            if rest.count < left.count {
                left = rest
                continue
            }
            let sentence = outcome.stages.first { $0.state == .failed }?.message ?? "The run failed."
            guard left.count > 1 else {
                failures[left[0].id] = sentence
                break
            }
            // A stage that works on all songs at once has failed. One of them may be the cause: each on its own.
            result = try await each(left, &failures, cancellation)
            guard !result.ratings.isEmpty else { throw PredictError(sentence) }
            break
        }
        var ratings = SongRatings(
            dimensions: bundle.facts.dimensions.isEmpty ? result.dimensions : bundle.facts.dimensions,
            songs: files.map { file in
                var song = SongRating(
                    file: file, ratings: result.ratings[file.id], seconds: result.seconds[file.id],
                    failure: failures[file.id])
                // The members of a stack that read the same features say the same.
                for warning in result.warnings where warning.songs.contains(file.id) {
                    if !song.warnings.contains(warning.sentence) { song.warnings.append(warning.sentence) }
                }
                song.isExtrapolated = song.warnings.contains { $0.hasPrefix(NoveltyWarning.start) }
                if song.ratings == nil, song.failure == nil {
                    song.failure = song.warnings.first ?? "a stage left it out"
                }
                return song
            }, warnings: result.warnings.filter { $0.songs.isEmpty || $0.isCut }.map(\.sentence))
        if let level { try ratings.addIntervals(level: level, bundle.facts) }
        return ratings
    }

    /// The result of a run.
    private struct Rated {
        var dimensions: [String] = []
        var ratings: [String: [Double]] = [:]
        var seconds: [String: Double] = [:]
        var warnings: [SongWarning] = []
    }

    private func each(_ files: [SoundFile], _ failures: inout [String: String], _ cancellation: Cancellation)
        async throws -> Rated
    {
        var all = Rated()
        for file in files {
            let outcome = try await run([file], cancellation)
            guard outcome.status == .succeeded else {
                failures[file.id] = outcome.stages.first { $0.state == .failed }?.message ?? "The run failed."
                continue
            }
            let one = try rated(outcome)
            all.dimensions = one.dimensions
            all.ratings.merge(one.ratings) { first, _ in first }
            all.seconds.merge(one.seconds) { first, _ in first }
            all.warnings += one.warnings.map { SongWarning($0.sentence, songs: [file.id]) }
        }
        return all
    }

    private func run(_ files: [SoundFile], _ cancellation: Cancellation) async throws -> RunOutcome {
        func list(_ values: [String]) -> String { JSON.text(.list(values.map { .string($0) })) }
        let songs = Slice.songs
        var sets = [
            "\(songs).\(SoundFilesStage.files.name)=\(list(files.map { Paths.absolute($0.path) }))",
            "\(songs).\(SoundFilesStage.names.name)=\(list(files.map(\.id)))",
        ]
        if let context {
            for stage in bundle.slice.stages where registry[stage.kind]?.takesContext ?? false {
                sets.append("\(stage.name).context=\(JSON.text(.string(context)))")
            }
        }
        let loaded: Pipeline
        do { loaded = try Pipeline(path: pipeline, options: LoadOptions(sets: sets), registry: registry) } catch let
            error as PipelineErrors
        {
            throw PredictError("The model does not fit this version of Sentio. \(error)")
        }
        let outcome = await Engine(workspace: workspace, sinks: sinks).run(
            loaded, options: RunOptions(jobs: jobs), cancellation: cancellation)
        if outcome.status == .interrupted { throw CancellationError() }
        return outcome
    }

    private func rated(_ outcome: RunOutcome) throws -> Rated {
        func manifest(_ hash: ContentHash) throws -> Manifest {
            try workspace.manifest(BlobReference(hash: hash, size: 0))
        }
        var result = Rated()
        guard let stage = outcome.stages.first(where: { $0.stage == bundle.slice.rater }),
            let hash = stage.outputs[bundle.slice.predictions], let entry = try manifest(hash).entries.first
        else { throw PredictError("The slice of the model wrote no ratings.") }
        let table = try CSVReader.read(try workspace.blobs.read(entry.blob))
        guard let column = table.column("song_id") else { throw PredictError("The ratings name no songs.") }
        let places = table.columns.indices.filter { $0 != column }
        result.dimensions = places.map { table.columns[$0] }
        let wanted = bundle.facts.dimensions.isEmpty ? result.dimensions : bundle.facts.dimensions
        let order = try wanted.map { name -> Int in
            guard let place = table.column(name) else { throw PredictError("The model does not rate `\(name)`.") }
            return place
        }
        for row in table.rows {
            let values = order.compactMap { Double(row[$0]) }
            if values.count == order.count { result.ratings[row[column]] = values }
        }
        for stage in outcome.stages {
            for hash in stage.outputs.values {
                let manifest = try manifest(hash)
                guard manifest.type == ArtifactType.waveforms.name, let rate = manifest.attributes["sample_rate"]?.int,
                    rate > 0
                else { continue }
                for entry in manifest.entries {
                    // A `.npy` header of this shape has 128 bytes.
                    let samples = max(0, entry.blob.size - 128) / MemoryLayout<Float>.stride
                    result.seconds[entry.id] = Double(samples) / Double(rate)
                }
            }
            result.warnings += stage.warnings.map { SongWarning($0, among: result.seconds.keys) }
        }
        return result
    }
}

extension StageKind {
    static var takesContext: Bool { parameters.contains { $0.name == "context" } }
}
