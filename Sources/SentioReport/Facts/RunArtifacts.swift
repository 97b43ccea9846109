public import SentioKit
public import SentioRunStore

/// What a run's artifacts hold that a comparison or a report shows. What is gone from the cache is left out and said.
public struct RunArtifacts: Sendable {
    public struct Output: Sendable {
        public let stage: String
        public let port: String
        public let hash: ContentHash
        public let manifest: Manifest
    }

    /// In the order of the stages.
    public let outputs: [Output]
    /// Outputs that could not be read.
    public let absent: Int
    let source: any ArtifactSource

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

    /// The table in an artifact's only file; nil where it is gone or no table.
    func table(_ output: Output) -> Table? {
        guard let entry = output.manifest.entries.first, entry.blob.size <= Self.mostBytes,
            let bytes = try? source.read(entry.blob)
        else {
            return nil
        }
        return try? CSVReader.read(bytes)
    }

    /// The labels that the run read, first found.
    public var songFacts: SongFacts {
        for output in all(.labels) {
            if let table = table(output) { return SongFacts(table: table, attributes: output.manifest.attributes) }
        }
        return .none
    }

    /// No table or picture that belongs into a report is larger.
    static let mostBytes = 1 << 28
}
