public import SentioKit

/// Runs stages in memory, for tests. The outputs of one can be the inputs of the next.
///
///     let harness = StageHarness()
///     let outputs = try harness.run(MyStage.self, with: ["alpha": 0.5], inputs: ["features": features])
///     #expect(try harness.table(outputs["scores"]!).rows.count == 3)
public final class StageHarness: Sendable {
    /// Everything that was written.
    public let store = MemoryBlobStore()
    /// Logs, metrics and warnings of all runs.
    public let services = RecordingServices()

    /// A harness with an empty store.
    public init() {}

    /// A manifest as an input of a stage.
    public func artifact(_ manifest: Manifest) -> Artifact {
        Artifact(hash: Hashing.content(manifest.encoded()), manifest: manifest)
    }

    /// Configures and runs a stage as the engine does.
    /// - Parameters:
    ///   - given: parameters as in a pipeline file; the others have their defaults.
    ///   - inputs: manifests by port, from this harness's store.
    ///   - other: used instead of `store`.
    ///   - heard: used instead of `services`.
    /// - Returns: manifests of the outputs by port.
    /// - Throws: `ConfigurationErrors` for the parameters; what the stage throws.
    @discardableResult
    public func run(
        _ kind: any Stage.Type, with given: [String: Value] = [:], inputs: [String: Manifest] = [:],
        sourceFiles: [String: [SourceFile]] = [:], seed: UInt64 = 7, temporary: String = "", directory: String = ".",
        store other: (any BlobStore)? = nil, services heard: (any StageServices)? = nil, threads: Int = 2
    ) throws -> [String: Manifest] {
        let stage = try kind.init(try Configuration(kind.parameters, given: given))
        let context = StageContext(
            stage: kind.kind, runID: "run-1", runSeed: 42, seed: seed, threads: threads, temporaryDirectory: temporary,
            workingDirectory: directory,
            inputs: inputs.mapValues(artifact), sourceFiles: sourceFiles, outputPorts: stage.outputs,
            store: other ?? store,
            services: heard ?? services)
        try stage.run(context)
        services.removeCheckpoints()
        return context.outputs
    }

    /// Runs an item-wise stage over a collection, one item after another.
    /// - Throws: `ConfigurationErrors` for the parameters; what the worker throws.
    public func runItems(
        _ kind: any ItemwiseStage.Type, with given: [String: Value] = [:], port: String, _ input: Manifest
    ) throws -> Manifest {
        let stage = try kind.init(try Configuration(kind.parameters, given: given)) as any ItemwiseStage
        let worker = try stage.makeWorker(SharedInputs(attributes: [port: input.attributes]))
        let entries = try input.entries.map { entry in
            let bytes = try worker.process(
                Item(id: entry.id, bytes: [port: try store.read(entry.blob)], files: [port: entry.file]))
            let file = entry.id + "." + kind.fileExtension
            return Manifest.Entry(id: entry.id, file: file, blob: store.write(bytes), sources: entry.sources)
        }
        return Manifest(
            type: kind.outputs[0].type, attributes: try stage.attributes(of: [port: input.attributes]), entries: entries
        )
    }

    /// Stores a collection of items by id. The source of each is the song of that name (`song`).
    public func collection(_ type: ArtifactType, _ items: [String: [UInt8]], attributes: [String: Value] = [:])
        -> Manifest
    {
        let entries = items.keys.sorted().map { id in
            Manifest.Entry(id: id, file: id, blob: store.write(items[id] ?? []), sources: [Self.song(id)])
        }
        return Manifest(type: type, attributes: attributes, entries: entries)
    }

    /// Stores a table as CSV, for the manifest of an input.
    public func write(_ table: Table) -> BlobReference { store.write(Array(table.csv.utf8)) }

    /// The table in an artifact's first file.
    /// - Throws: `BlobStoreError`, `CSVError`.
    public func table(_ manifest: Manifest) throws -> Table {
        try CSVReader.read(try store.read(manifest.entries[0].blob))
    }

    /// The text of a file of an artifact.
    /// - Throws: `StageFailure` if there is no such file; `BlobStoreError`.
    public func text(_ manifest: Manifest, _ id: String) throws -> String {
        guard let entry = manifest.entry(id) else { throw StageFailure("no file \(id)") }
        return String(decoding: try store.read(entry.blob), as: UTF8.self)
    }

    /// Stores a file and returns it as a source request would find it.
    public func source(_ name: String, _ text: String, at path: String? = nil) -> SourceFile {
        SourceFile(name: name, path: path ?? name, blob: store.write(Array(text.utf8)))
    }

    /// The content hash that stands for the audio of a song.
    public static func song(_ id: String) -> ContentHash { Hashing.content("sound of \(id)") }
}
