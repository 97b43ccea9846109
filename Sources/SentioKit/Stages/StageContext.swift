import Synchronization

/// A stored artifact with its manifest read.
public struct Artifact: Sendable {
    /// The hash of the manifest's blob.
    public let hash: ContentHash
    /// What the artifact consists of.
    public let manifest: Manifest

    /// An artifact whose manifest was read from the blob with this hash.
    public init(hash: ContentHash, manifest: Manifest) {
        self.hash = hash
        self.manifest = manifest
    }
}

/// Everything a running stage may touch.
///
/// The context keeps a ledger of the songs whose data the stage has read. What the stage writes is taken to have seen
/// all of them, unless it hands over an earlier snapshot of the ledger (`lineage()`), as a stage does that fits a model
/// on training songs and then predicts the others. A forgotten snapshot makes the leakage guard refuse too much, never
/// too little.
public final class StageContext: Sendable {
    /// The stage's name in the pipeline.
    public let stage: String
    /// The run, as `sentio-pipeline runs` lists it.
    public let runID: String
    /// The run's seed as the user gave it.
    public let runSeed: Int
    /// This stage's own seed, derived from the run's seed, the stage's name and the replicate.
    public let seed: UInt64
    /// Threads the stage may use.
    public let threads: Int
    /// An empty folder of this attempt's own, removed afterwards.
    public let temporaryDirectory: String
    /// The folder of the pipeline file: what relative paths in it mean.
    public let workingDirectory: String
    /// Logs, warnings, metrics, progress and checkpoints.
    public let services: any StageServices

    private let resetOutputs: @Sendable () throws -> Void
    let inputs: [String: Artifact]
    let sourceFilesByName: [String: [SourceFile]]
    let leftOutByName: [String: [LeftOutFile]]
    let store: any BlobStore
    let outputPorts: [OutputPort]
    let ledger: Mutex<Ledger>

    struct Ledger {
        var lineage: Lineage
        /// The lineage of artifacts read as a whole, such as a model's training songs. Every snapshot includes it.
        var wholes: Lineage
        var outputs: [String: Manifest] = [:]
        /// Artifacts that were read, with the sets of theirs that are in `lineage` already.
        var read: [ContentHash: Set<Int>] = [:]
        /// The ids of items and rows that were read, of artifacts with fitted sets.
        var readIDs: [ContentHash: Set<String>] = [:]
    }

    /// A context over inputs and source files.
    /// - Parameters:
    ///   - sourceLineage: The songs behind source files that other stages of the pipeline made.
    ///   - resetOutputs: Moves what an attempt left at its outputs out of the user's folder.
    public init(
        stage: String, runID: String = "", runSeed: Int = 0, seed: UInt64 = 0, threads: Int = 1,
        temporaryDirectory: String = "", workingDirectory: String = ".", inputs: [String: Artifact] = [:],
        sourceFiles: [String: [SourceFile]] = [:], leftOut: [String: [LeftOutFile]] = [:],
        sourceLineage: Lineage = Lineage(),
        outputPorts: [OutputPort] = [],
        store: any BlobStore, services: any StageServices,
        beforeRetry resetOutputs: @escaping @Sendable () throws -> Void = {}
    ) {
        self.resetOutputs = resetOutputs
        ledger = Mutex(Ledger(lineage: sourceLineage, wholes: sourceLineage))
        self.stage = stage
        self.runID = runID
        self.runSeed = runSeed
        self.seed = seed
        self.threads = threads
        self.temporaryDirectory = temporaryDirectory
        self.workingDirectory = workingDirectory
        self.inputs = inputs
        sourceFilesByName = sourceFiles
        leftOutByName = leftOut
        self.outputPorts = outputPorts
        self.store = store
        self.services = services
    }

    /// What the stage wrote, by port.
    public var outputs: [String: Manifest] { ledger.withLock(\.outputs) }

    /// The songs whose data the stage has read up to now.
    public func lineage() -> Lineage { ledger.withLock(\.lineage) }

    /// Lets a long loop end early.
    /// - Throws: `StageCancelled` when the run is stopping.
    public func checkCancelled() throws { if services.isCancelled { throw StageCancelled() } }

    /// For a stage that is about to retry its work: moves what it left at its outputs in the user's folder out of the
    /// way.
    /// - Throws: `BlobStoreError`.
    public func prepareRetry() throws { try resetOutputs() }

    /// The connected ports by name, for kinds that accept inputs under any name (`StageNotation.furtherInputs`): each
    /// has the type of what is connected to it.
    public var connectedInputs: [InputPort] {
        inputs.sorted { $0.key < $1.key }.map { name, artifact in
            let manifest = artifact.manifest
            return InputPort(
                name,
                ArtifactType(manifest.type, form: manifest.form, carriesSongData: manifest.carriesSongData))
        }
    }

    /// Whether an optional port is connected.
    public func isConnected(_ port: InputPort) -> Bool { inputs[port.name] != nil }

    /// The files that answered a source request, in byte order of their names; empty for an absent optional one.
    public func sourceFiles(_ name: String) -> [SourceFile] { sourceFilesByName[name] ?? [] }

    /// Entries at a source that are not files: broken links, pipes. The user has been warned.
    public func leftOutFiles(_ name: String) -> [LeftOutFile] { leftOutByName[name] ?? [] }

    /// The content of a source file, verified against the hash that is in the stage key.
    public func read(_ file: SourceFile) throws -> [UInt8] { try store.read(file.blob) }

    func artifact(_ port: InputPort) -> Artifact {
        guard let artifact = inputs[port.name] else {
            preconditionFailure("The port `\(port)` of stage \(stage) is not connected.")
        }
        return artifact
    }

    /// Records that the data of songs was read. A split holds no data of its songs: reading it does not count.
    /// - Parameter id: Of the item or row.
    func saw(_ sources: [ContentHash], fitted: Int?, id: String, of artifact: Artifact) {
        guard artifact.manifest.carriesSongData else { return }
        ledger.withLock {
            $0.lineage.insert(sources)
            // Each set is united once: 100,000 items may share one of 90,000 songs.
            if $0.read[artifact.hash] == nil {
                $0.read[artifact.hash] = []
                $0.lineage.formUnion(artifact.manifest.lineage)
                $0.wholes.formUnion(artifact.manifest.lineage)
            }
            guard let fitted else { return }
            $0.readIDs[artifact.hash, default: []].insert(id)
            if $0.read[artifact.hash]?.insert(fitted).inserted == true {
                $0.lineage.formUnion(artifact.manifest.fittedSets[fitted])
            }
        }
    }
}
