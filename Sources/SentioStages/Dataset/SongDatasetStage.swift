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

    /// What to do about rated songs without audio, and audio without a rating.
    public enum Missing: String, ParameterChoice { case skip, error }

    static let source = Parameter<String>(
        "source", default: nil, "The dataset's folder, relative to the pipeline file; or `demo`.", isIdentity: false,
        path: PathRule(reserved: ["demo"]))
    static let missing = Parameter(
        "missing", default: Missing.skip,
        "What to do about a rated song without audio or audio without rating: leave it out and say so, or stop.")
    static let scale = Parameter("scale", default: [1.0, 9.0], "Lowest and highest possible rating.", source: "DEAM")
    static let dimensions = Parameter(
        "dimensions", default: ["valence", "arousal"], "Rated dimensions: columns `<dimension>_mean` and, where there, `<dimension>_std`.",
        source: "DEAM")
    static let limit = Parameter("limit", default: 0, in: 0...10_000_000, "Only the first so many rated songs; 0: all.", unit: "songs")
    static let demoSongs = Parameter("demo_songs", default: 60, in: 4...2000, "How many songs `demo` makes.", unit: "songs")

    public static let parameters: [any ParameterDefinition] = [source, missing, scale, dimensions, limit, demoSongs]
    public static let inputs: [InputPort] = []
    public static let outputs = [
        OutputPort("audio", .audioFiles, "The sound files as found."),
        OutputPort("labels", .labels, "Ratings, their spread, and metadata, one row a song."),
    ]

    private let source: String
    private let missing: Missing
    private let scale: ClosedRange<Double>
    private let dimensions: [String]
    private let limit: Int
    private let demoCount: Int

    public init(_ configuration: Configuration) throws(ConfigurationErrors) {
        source = configuration[Self.source]
        missing = configuration[Self.missing]
        dimensions = configuration[Self.dimensions]
        limit = configuration[Self.limit]
        demoCount = configuration[Self.demoSongs]
        let bounds = configuration[Self.scale]
        guard bounds.count == 2, bounds[0] < bounds[1] else {
            throw ConfigurationErrors("scale", "a scale is two numbers, the lower one first, such as [1, 9].")
        }
        scale = bounds[0]...bounds[1]
        if source.isEmpty { throw ConfigurationErrors("source", "the folder of the dataset is missing.") }
        let names = Set(dimensions)
        guard !names.isEmpty, names.count == dimensions.count, !names.contains(""), !names.contains("song_id") else {
            throw ConfigurationErrors("dimensions", "name at least one dimension, each once.")
        }
        if source == Self.demoWord, dimensions != ["valence", "arousal"] || scale != 1...9 {
            throw ConfigurationErrors("dimensions", "the demo songs are rated in valence and arousal on the scale [1, 9].")
        }
    }

    private static let demoWord = "demo"

    public var sources: [SourceRequest] { source == Self.demoWord ? [] : DatasetLayout.requests(folder: source) }

    public func run(_ context: StageContext) throws {
        if source == Self.demoWord {
            try write(try DemoDataset.make(count: limit > 0 ? min(limit, demoCount) : demoCount, context: context), context)
        } else {
            try write(try readFolder(context), context)
        }
    }

    private func readFolder(_ context: StageContext) throws -> SongTable {
        let layout = try DatasetLayout(found: context, folder: source)
        func contents(_ files: [SourceFile]) throws -> [(path: String, bytes: [UInt8])] {
            try files.map { ($0.path, try context.read($0)) }
        }
        let rated = try AnnotationReader(dimensions: dimensions, scale: scale).read(try contents(layout.annotationFiles))
        let audio = try AudioFileIndex(layout.audioFiles)
        let songs = try matched(rated, audio, context)
        var metadata = SongMetadata()
        if layout.isDEAM {
            metadata = DEAMMetadata.read(try contents(layout.metadataFiles), warn: context.services.warn)
        } else if let file = layout.metadataFiles.first {
            metadata = try SongMetadata(try context.read(file), path: file.path, reserved: SongTable.ratingColumns(dimensions))
        }
        return SongTable(
            dimensions: dimensions, metadataColumns: metadata.columns,
            songs: songs.map { song in
                guard let file = audio.files[song.id] else { preconditionFailure("A matched song has audio.") }
                let name = song.id + "." + AudioFileIndex.fileExtension(file.name)
                return SongTable.Song(
                    id: song.id, file: name, audio: file.blob, means: song.means, spreads: song.spreads,
                    metadata: metadata.cells[song.id] ?? metadata.columns.map { _ in "" })
            })
    }

    /// The rated songs that have audio, the first `limit` of them; the others are named.
    private func matched(_ rated: [RatedSong], _ audio: AudioFileIndex, _ context: StageContext) throws -> [RatedSong] {
        let silent = rated.filter { audio.files[$0.id] == nil }.map(\.id)
        let ratedIDs = Set(rated.map(\.id))
        let unrated = audio.files.keys.filter { !ratedIDs.contains($0) }.sorted()
        for (ids, what) in [(silent, "rated but without a sound file"), (unrated, "in the audio folder but without a rating")]
        where !ids.isEmpty {
            let verb = ids.count == 1 ? "is" : "are"
            let sentence = "\(IDList.songs(ids.count)) \(verb) \(what): \(IDList.text(ids))."
            guard missing == .skip else {
                throw StageFailure("\(sentence) Complete the dataset \(source), or leave such songs out with `missing: skip`.")
            }
            context.services.warn("\(sentence) Left out.")
            for id in ids { context.services.log("left out, \(what): \(id)") }
        }
        let songs = rated.filter { audio.files[$0.id] != nil }
        guard !songs.isEmpty else {
            throw StageFailure(
                "No song of \(source) is both rated and there as sound. A sound file is named by its song_id, such as 12.mp3.")
        }
        return limit > 0 ? Array(songs.prefix(limit)) : songs
    }

    private func write(_ table: SongTable, _ context: StageContext) throws {
        try context.writeCollection(
            "audio",
            table.songs.map {
                Manifest.Entry(id: $0.id, file: $0.file, blob: $0.audio, sources: [$0.audio.hash])
            })
        let attributes: [String: Value] = [
            "scale": [.double(scale.lowerBound), .double(scale.upperBound)], "dimensions": .list(dimensions.map { .string($0) }),
        ]
        let sources = Dictionary(uniqueKeysWithValues: table.songs.map { ($0.id, [$0.audio.hash]) })
        try context.writeTable("labels", table.labels, fitted: Lineage(), sources: sources, attributes: attributes)
        context.services.metric("songs", Double(table.songs.count))
        context.services.log("\(IDList.songs(table.songs.count)), rated in \(dimensions.joined(separator: " and "))")
    }
}
