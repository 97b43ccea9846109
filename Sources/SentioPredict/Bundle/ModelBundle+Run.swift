public import SentioEngine
public import SentioKit
public import SentioRunStore
import SentioSongStages

extension ModelBundle {
    /// The model that a stage of a run fitted, read from the workspace.
    /// - Throws: `PredictError` where the model cannot rate new songs; `BlobStoreError`, `ManifestError` where the
    ///   workspace has lost it.
    public init(
        stage: StageDetails, of run: RunDetails, in workspace: Workspace, registry: StageRegistry, program: String
    ) throws {
        func manifest(_ hash: ContentHash) throws -> Manifest {
            do { return try workspace.manifest(BlobReference(hash: hash, size: 0)) } catch let error as BlobStoreError {
                throw PredictError(
                    "The workspace no longer has what run \(run.summary.id) stored (\(error)). Run the pipeline again.")
            }
        }
        var builder = SliceBuilder(run, registry: registry) { hash in
            let manifest = try manifest(hash)
            return (manifest.type, manifest.carriesSongData)
        }
        let found = try builder.slice(of: stage)
        var files: [String: [UInt8]] = [:], songs: Set<ContentHash> = []
        for (name, hash) in found.artifacts {
            let manifest = try manifest(hash), folder = Slice.folder(of: name) + "/"
            guard manifest.form == .files else {
                throw PredictError(
                    "`\(name)` of run \(run.summary.id) is a \(manifest.form.rawValue), which a bundle cannot hold.")
            }
            for entry in manifest.entries { files[folder + entry.file] = try workspace.blobs.read(entry.blob) }
            let seen = manifest.allSongs
            songs.formUnion(seen.songs)
            files[folder + StoredArtifactStage.description] = Array(
                JSON.text([
                    "attributes": .map(manifest.attributes),
                    "songs": .list(seen.songs.sorted().map { .string($0.hex) }),
                ]).utf8)
        }
        let labels = try stage.inputs["labels"].flatMap { ContentHash(hex: $0) }.map { try manifest($0).attributes }
        var calibration = CalibrationSongs.Result.none("The stage `\(stage.stage)` fits no model.")
        if case .model(let application)? = registry[stage.kind]?.application {
            let search = CalibrationSongs(
                inputs: stage.inputs, outputs: stage.outputs, predictions: application.predictions,
                dimensions: ModelFacts.dimensions(labels ?? [:])
            ) { hash in
                let manifest = try manifest(hash)
                guard manifest.form == .table, let entry = manifest.entries.first else { return nil }
                return (try CSVReader.read(try workspace.blobs.read(entry.blob)), manifest)
            }
            // A model without intervals is better than none.
            do { calibration = try search.find() } catch let error as BlobStoreError {
                calibration = .none("The workspace no longer has what run \(run.summary.id) stored (\(error)).")
            } catch let error as PredictError { calibration = .none(error.description) }
        }
        self.init(
            slice: found.slice,
            facts: ModelFacts(
                stage: stage, run: run, labels: labels ?? [:], trainingSongs: songs.count, program: program,
                calibration: calibration),
            files: files)
    }
}
