package import SentioKit

/// Sound files without ratings, as the songs of a pipeline that applies a model.
///
/// Output: `audio`, the files as found. Each song has the id given in `names`, or the name of its file without
/// extension. Deterministic.
package struct SoundFilesStage: Stage {
    package static let kind = "sound-files"
    package static let version = 1
    package static let summary = "Takes sound files without ratings, to rate them with a model."

    package static let files = Parameter<[String]>(
        "files", default: nil, "The sound files, relative to the pipeline file.", isIdentity: false, path: PathRule())
    package static let names = Parameter<[String]>(
        "names", default: [],
        "Ids of the songs, in the order of `files`; empty: the names of the files without extension.")

    package static let parameters: [any ParameterDefinition] = [files, names]
    package static let inputs: [InputPort] = []
    package static let audio = OutputPort("audio", .audioFiles, "The sound files as found.")
    package static let outputs = [audio]
    package static let application = Application.songs(audio)

    private let songs: [(id: String, path: String)]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let files = configuration[Self.files], given = configuration[Self.names]
        if files.isEmpty { throw ConfigurationErrors(Self.files.name, "give at least one file.") }
        guard given.isEmpty || given.count == files.count else {
            throw ConfigurationErrors(Self.names.name, "it has \(given.count) ids for \(files.count) files.")
        }
        let ids = given.isEmpty ? files.map { AudioFileIndex.stem($0) } : given
        var known: [String: String] = [:]
        for (id, file) in zip(ids, files) {
            if let problem = SongID.problem(id) {
                throw ConfigurationErrors(
                    given.isEmpty ? Self.files.name : Self.names.name, "for \(file): \(problem).")
            }
            if let other = known.updateValue(file, forKey: id) {
                throw ConfigurationErrors(
                    Self.names.name, "\(other) and \(file) have the same id, `\(id)`. Give `names`, one for each file.")
            }
        }
        songs = zip(ids, files).map { (id: $0, path: $1) }
    }

    package var sources: [SourceRequest] { songs.map { SourceRequest($0.id, path: $0.path) } }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        [Self.audio: Amount(items: Double(songs.count))]
    }

    package func run(_ context: StageContext) throws {
        let entries = try songs.map { song -> Manifest.Entry in
            guard let file = context.sourceFiles(song.id).first else {
                throw StageFailure("There is no sound file at \(song.path).")
            }
            let format = AudioFileIndex.fileExtension(song.path)
            return Manifest.Entry(
                id: song.id, file: format.isEmpty ? song.id : song.id + "." + format, blob: file.blob,
                sources: [file.blob.hash])
        }
        try context.writeCollection(Self.audio, entries, fitted: Lineage())
        context.services.metric("songs", Double(entries.count))
    }
}
