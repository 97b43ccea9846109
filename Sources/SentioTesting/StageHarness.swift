public import SentioKit

/// Runs stages on in-memory twins, for tests: what one wrote can be handed to the next.
///
///     let harness = StageHarness()
///     let outputs = try harness.run(MyStage.self, with: ["alpha": 0.5], inputs: ["features": features])
///     #expect(try harness.table(outputs["scores"]!).rows.count == 3)
public final class StageHarness: Sendable {
    /// All that was written.
    public let store = MemoryBlobStore()
    /// All that was said.
    public let services = RecordingServices()

    public init() {}

    /// An artifact as a stage's input has it.
    public func artifact(_ manifest: Manifest) -> Artifact {
        Artifact(hash: Hashing.content(manifest.encoded()), manifest: manifest)
    }

    /// Runs a stage made from parameters, as the engine does.
    /// - parameters:
    ///   - given: parameters as a pipeline file gives them; the others have their defaults.
    ///   - inputs: manifests by port, of this harness's store.
    ///   - heard: what listens instead of `services`.
    /// - returns: the outputs' manifests by port.
    /// - throws: `ConfigurationErrors` for the parameters, and what the stage throws.
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
    /// - throws: `ConfigurationErrors` for the parameters, and what a worker throws.
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

    /// A collection of items by id, each the data of a song of that name.
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

    /// The table that an artifact's first file holds.
    /// - throws: `BlobStoreError`, `CSVError`.
    public func table(_ manifest: Manifest) throws -> Table {
        try CSVReader.read(try store.read(manifest.entries[0].blob))
    }

    /// The text of an artifact's file.
    /// - throws: `StageFailure` where there is no such file.
    public func text(_ manifest: Manifest, _ id: String) throws -> String {
        guard let entry = manifest.entry(id) else { throw StageFailure("no file \(id)") }
        return String(decoding: try store.read(entry.blob), as: UTF8.self)
    }

    /// A file outside the store, as a source request finds it.
    public func source(_ name: String, _ text: String, at path: String? = nil) -> SourceFile {
        SourceFile(name: name, path: path ?? name, blob: store.write(Array(text.utf8)))
    }

    /// The hash that stands for a song's sound.
    public static func song(_ id: String) -> ContentHash { Hashing.content("sound of \(id)") }
}
