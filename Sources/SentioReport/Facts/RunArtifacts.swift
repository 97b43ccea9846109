import SentioKit
public import SentioRunStore

/// The artifacts of a run, as far as they are still in the cache.
public struct RunArtifacts: Sendable {
    /// One output of a stage.
    struct Output: Sendable {
        let stage: String
        let port: String
        let hash: ContentHash
        let manifest: Manifest
    }

    /// In the order of the stages.
    let outputs: [Output]
    /// Number of outputs that could not be read.
    let absent: Int
    let source: any ArtifactSource

    /// Reads the manifests of all outputs of a run and skips those that are missing or damaged.
    public init(_ run: RunDetails, source: any ArtifactSource) {
        var outputs: [Output] = [], absent = 0
        for stage in run.stages {
            for (port, hex) in stage.outputs.sorted(by: { $0.key < $1.key }) {
                guard let hash = ContentHash(hex: hex), let manifest = try? source.manifest(hash) else {
                    absent += 1
                    continue
                }
                outputs.append(Output(stage: stage.stage, port: port, hash: hash, manifest: manifest))
            }
        }
        self.outputs = outputs
        self.absent = absent
        self.source = source
    }

    func all(_ type: ArtifactType) -> [Output] { outputs.filter { $0.manifest.type == type.name } }

    /// The table in an artifact's first file; nil if it is missing or not a table.
    func table(_ output: Output) -> Table? {
        guard let entry = output.manifest.entries.first, entry.blob.size <= Self.mostBytes,
            let bytes = try? source.read(entry.blob)
        else {
            return nil
        }
        return try? CSVReader.read(bytes)
    }

    /// Metadata and rating scale from the first labels artifact of the run; `SongFacts.none` without one.
    public var songFacts: SongFacts {
        for output in all(.labels) {
            if let table = table(output) { return SongFacts(table: table, attributes: output.manifest.attributes) }
        }
        return .none
    }

    /// Limit for tables and images, in bytes; larger ones are not for a report.
    static let mostBytes = 1 << 28
}
