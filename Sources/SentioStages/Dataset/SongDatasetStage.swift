public import SentioKit

/// Songs and their ratings from a folder, or made by the program itself.
///
/// A folder is laid out as `audio/`, `annotations.csv` and, optionally, `metadata.csv`; or as DEAM's own downloads
/// (`DEAM_audio/MEMD_audio`, `DEAM_Annotations/annotations/annotations averaged per song/song_level`, `metadata`).
/// The word `demo` stands for songs that the program makes and encodes as MP3.
/// Outputs: `audio`, the files as found; `labels`, ratings in the units of `scale` and metadata columns, rows in byte
/// order of ids. Throws `StageFailure` naming file, line and song. Deterministic.
public struct SongDatasetStage: Stage {
    public static let kind = "song-dataset"
    public static let version = 1
    public static let summary =
        "Songs and their ratings from a folder (audio/, annotations.csv, metadata.csv; or DEAM as downloaded), or `demo` songs."

    static let source = Parameter<String>(
        "source", default: nil, "The dataset's folder, relative to the pipeline file; or `demo`.", isIdentity: false,
        path: PathRule(reserved: ["demo"]))
    static let demoSongs = Parameter("demo_songs", default: 60, in: 4...2000, "How many songs `demo` makes.", unit: "songs")

    public static let parameters: [any ParameterDefinition] = [
        source, RatingParameters.missing, RatingParameters.scale, RatingParameters.dimensions, RatingParameters.limit, demoSongs,
    ]
    public static let inputs: [InputPort] = []
    public static let outputs = [
        OutputPort("audio", .audioFiles, "The sound files as found."),
        OutputPort("labels", .labels, "Ratings, their spread, and metadata, one row a song."),
    ]

    private let source: String
    private let ratings: RatingParameters
    private let demoCount: Int

    public init(_ configuration: Configuration) throws(ConfigurationErrors) {
        source = configuration[Self.source]
        ratings = try RatingParameters(configuration)
        demoCount = configuration[Self.demoSongs]
        if source.isEmpty { throw ConfigurationErrors("source", "the folder of the dataset is missing.") }
        if source == Self.demoWord, ratings.dimensions != ["valence", "arousal"] || ratings.scale != 1...9 {
            throw ConfigurationErrors("dimensions", "the demo songs are rated in valence and arousal on the scale [1, 9].")
        }
    }

    private static let demoWord = "demo"

    public var sources: [SourceRequest] { source == Self.demoWord ? [] : DatasetLayout.requests(folder: source) }

    public func run(_ context: StageContext) throws {
        if source == Self.demoWord {
            try write(try DemoDataset.make(count: ratings.limit > 0 ? min(ratings.limit, demoCount) : demoCount, context: context), context)
        } else {
            try write(try readFolder(context), context)
        }
    }

    private func readFolder(_ context: StageContext) throws -> SongTable {
        let layout = try DatasetLayout(found: context, folder: source)
        func contents(_ files: [SourceFile]) throws -> [(path: String, bytes: [UInt8])] {
            try files.map { ($0.path, try context.read($0)) }
        }
        let rated = try AnnotationReader(dimensions: ratings.dimensions, scale: ratings.scale).read(try contents(layout.annotationFiles))
        let audio = try AudioFileIndex(layout.audioFiles)
        let songs = try ratings.matched(
            rated, having: Set(audio.files.keys), source: source,
            words: (
                "rated but without a sound file", "in the audio folder but without a rating",
                "No song of \(source) is both rated and there as sound. A sound file is named by its song_id, such as 12.mp3."
            ), context)
        var metadata = SongMetadata()
        if layout.isDEAM {
            metadata = DEAMMetadata.read(try contents(layout.metadataFiles), warn: context.services.warn)
        } else if let file = layout.metadataFiles.first {
            metadata = try SongMetadata(try context.read(file), path: file.path, reserved: SongTable.ratingColumns(ratings.dimensions))
        }
        return SongTable(
            dimensions: ratings.dimensions, metadataColumns: metadata.columns,
            songs: songs.map { song in
                guard let file = audio.files[song.id] else { preconditionFailure("A matched song has audio.") }
                let name = song.id + "." + AudioFileIndex.fileExtension(file.name)
                return SongTable.Song(
                    id: song.id, file: name, audio: file.blob, means: song.means, spreads: song.spreads,
                    metadata: metadata.cells[song.id] ?? metadata.columns.map { _ in "" })
            })
    }

    private func write(_ table: SongTable, _ context: StageContext) throws {
        try context.writeCollection(
            "audio",
            table.songs.map {
                Manifest.Entry(id: $0.id, file: $0.file, blob: $0.audio, sources: [$0.audio.hash])
            })
        let sources = Dictionary(uniqueKeysWithValues: table.songs.map { ($0.id, [$0.audio.hash]) })
        try context.writeTable("labels", table.labels, fitted: Lineage(), sources: sources, attributes: ratings.attributes)
        context.services.metric("songs", Double(table.songs.count))
        context.services.log("\(IDList.songs(table.songs.count)), rated in \(ratings.dimensions.joined(separator: " and "))")
    }
}
