package import SentioKit

/// An artifact that an earlier run made and that lies in a folder: a model out of a bundle.
///
/// The folder holds the artifact's files and `artifact.json`:
/// `{"attributes": {…}, "songs": [SHA-256 of each song that reached it]}`. Output: `artifact`, of the named type, with
/// that lineage, so that the leakage guard knows the training songs of a stored model. Throws `StageFailure`.
/// Deterministic.
package struct StoredArtifactStage: Stage {
    package static let kind = "stored-artifact"
    package static let version = 1
    package static let summary = "Takes an artifact of an earlier run, such as a model, from a folder."

    package static let folder = Parameter<String>(
        "folder", default: nil, "The folder, relative to the pipeline file.", isIdentity: false, path: PathRule())
    package static let type = Parameter<String>(
        "type", default: nil, "The type of the artifact, such as `ridge-model` or `network`.")
    package static let carriesSongData = Parameter(
        "carries_song_data", default: true, "False for an artifact that no song reached, such as published weights.")

    package static let parameters: [any ParameterDefinition] = [folder, type, carriesSongData]
    package static let inputs: [InputPort] = []
    package static let outputs: [OutputPort] = []
    /// The name of its output.
    package static let artifact = "artifact"
    /// The file that describes the others.
    package static let description = "artifact.json"

    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    private var artifact: OutputPort {
        OutputPort(
            Self.artifact,
            ArtifactType(
                configuration[Self.type], form: .files, carriesSongData: configuration[Self.carriesSongData]),
            "The artifact.")
    }

    package var outputs: [OutputPort] { [artifact] }

    package var sources: [SourceRequest] {
        [SourceRequest("files", path: configuration[Self.folder], form: .folder(extensions: nil))]
    }

    package func run(_ context: StageContext) throws {
        let files = context.sourceFiles("files"), folder = configuration[Self.folder]
        guard let described = files.first(where: { $0.name == Self.description }) else {
            throw StageFailure("\(folder) has no `\(Self.description)`, so it does not hold an artifact.")
        }
        let (attributes, songs) = try Self.read(try context.read(described), path: described.path)
        let content = files.filter { $0.name != Self.description }
        guard !content.isEmpty else { throw StageFailure("\(folder) has no file besides `\(Self.description)`.") }
        try context.writeFiles(
            artifact, try content.map { (name: $0.name, blob: try context.store(try context.read($0))) },
            lineage: Lineage(songs), attributes: attributes)
    }

    private static func read(_ bytes: [UInt8], path: String) throws -> ([String: Value], [ContentHash]) {
        func bad(_ problem: String) -> StageFailure {
            StageFailure("\(path) does not describe an artifact: \(problem).")
        }
        let value: Value
        do { value = try JSON.parse(bytes) } catch { throw bad("\(error)") }
        guard let map = value.map, let attributes = map["attributes"]?.map, let list = map["songs"]?.list else {
            throw bad("it needs `attributes`, a map, and `songs`, a list")
        }
        let songs = list.compactMap { $0.string.flatMap { ContentHash(hex: $0) } }
        guard songs.count == list.count else { throw bad("an entry of `songs` is not a SHA-256") }
        return (attributes, songs)
    }
}
