package import SentioKit

/// Songs and their ratings from a folder or several, or made by the program itself.
///
/// A folder is laid out as `audio/`, `annotations.csv` and, optionally, `metadata.csv`; or as DEAM's own downloads
/// (`DEAM_audio/MEMD_audio`, `DEAM_Annotations/annotations/annotations averaged per song/song_level`, `metadata`).
/// The word `demo` stands for songs that the program makes and encodes as MP3.
/// Several folders are united as `SongTable.united` says: ids `NAME-ID`, a column `source`, every recording once.
/// Outputs: `audio`, the files as found; `labels`, ratings in the units of `scale` and metadata columns, rows in byte
/// order of ids. Throws `StageFailure` naming file, line and song. Deterministic.
package struct SongDatasetStage: Stage {
    package static let kind = "song-dataset"
    package static let version = 1
    package static let summary =
        "Songs and their ratings from folders (audio/, annotations.csv, metadata.csv; or DEAM as downloaded), or "
        + "`demo` songs."

    static let source = Parameter<DatasetFolders>(
        "source", default: nil,
        "The dataset's folder, relative to the pipeline file; or `demo`. Of a list of folders, or a map of names to "
            + "folders, the songs are united: ids are then NAME-ID, NAME that of the folder, and a column `source` is "
            + "added.",
        isIdentity: false, path: PathRule(reserved: ["demo"]))
    static let demoSongs = Parameter(
        "demo_songs", default: 60, in: 4...2000, "How many songs `demo` makes.", unit: "songs")

    package static let parameters: [any ParameterDefinition] = [
        source, RatingParameters.columns, RatingParameters.missing, RatingParameters.scale, RatingParameters.dimensions,
        RatingParameters.limit, demoSongs,
    ]
    package static let inputs: [InputPort] = []
    static let audio = OutputPort("audio", .audioFiles, "The sound files as found.")
    static let labels = OutputPort("labels", .labels, "Ratings, their spread, and metadata, one row a song.")
    package static let outputs = [audio, labels]

    private let configuration: Configuration
    private let ratings: RatingParameters
    private var folders: [DatasetFolders.Folder] { configuration[Self.source].folders }

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        ratings = try RatingParameters(configuration, columns: RatingParameters.columns)
        if let problem = configuration[Self.source].problem { throw ConfigurationErrors("source", problem) }
        if folders.count > 1, folders.contains(where: { $0.path == Self.demoWord }) {
            throw ConfigurationErrors(
                "source", "`demo` songs cannot be united with folders; name folders only, or `demo` alone.")
        }
        if isDemo, ratings.dimensions != ["valence", "arousal"] || ratings.scale != 1...9 {
            throw ConfigurationErrors(
                "dimensions", "the demo songs are rated in valence and arousal on the scale [1, 9].")
        }
        if isDemo, !ratings.columns.isEmpty { throw ConfigurationErrors("columns", "the demo songs have no tables.") }
    }

    private static let demoWord = "demo"

    private var isDemo: Bool { folders[0].path == Self.demoWord }

    /// What the requests of a folder are called by. The name is in the key, for ids are made of it; the path is not.
    private func label(_ folder: DatasetFolders.Folder) -> String { folders.count > 1 ? folder.name + ": " : "" }

    package var sources: [SourceRequest] {
        isDemo
            ? []
            : folders.flatMap {
                DatasetLayout.requests(folder: $0.path, prefix: label($0), suffix: ratings.columns.suffix)
            }
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        let found = songs(inputs)
        return [Self.audio: Amount(items: found), Self.labels: Amount(items: found, attributes: ratings.attributes)]
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        // Songs that it makes take long, those that are there only a look.
        Workload(["songs": songs(inputs)], pace: isDemo ? Self.demoWord : "folder")
    }

    /// As many as there are to be, at most.
    private func songs(_ inputs: PortMap<Amount>) -> Double {
        let limit = Double(ratings.limit)
        if isDemo { return Double(demoCount) }
        let files = folders.map { folder in
            DatasetLayout.audioRequests(prefix: label(folder)).compactMap { inputs[source: $0]?.items }.max()
                ?? 0
        }
        return files.reduce(0) { $0 + (limit > 0 ? min(limit, $1) : $1) }
    }

    private var demoCount: Int {
        let count = configuration[Self.demoSongs]
        return ratings.limit > 0 ? min(ratings.limit, count) : count
    }

    package func run(_ context: StageContext) throws {
        if isDemo { return try write(try DemoDataset.make(count: demoCount, context: context), context) }
        var faults = DatasetFaults(), parts: [(name: String, table: SongTable)] = []
        for folder in folders {
            if let table = try read(folder, context, &faults) { parts.append((folder.name, table)) }
        }
        try faults.check()
        guard parts.count > 1 else { return try write(parts[0].table, context) }
        let (table, twins) = try SongTable.united(parts)
        if !twins.isEmpty {
            context.services.warn(
                "\(IDList.songs(twins.count)) \(twins.count == 1 ? "is a recording" : "are recordings") that another "
                    + "folder has too; each recording counts once, with the rating it has there: \(IDList.text(twins))."
            )
            for twin in twins { context.services.log("left out, the same recording: \(twin)") }
        }
        for part in parts { context.services.log("\(part.name): \(IDList.songs(part.table.songs.count))") }
        try write(table, context)
    }

    /// The songs of a folder; nil where something is wrong with it.
    /// - parameter faults: takes all of that.
    private func read(_ folder: DatasetFolders.Folder, _ context: StageContext, _ faults: inout DatasetFaults) throws
        -> SongTable?
    {
        var found = DatasetFaults()
        let layout = DatasetLayout(
            found: context, folder: folder.path, prefix: label(folder), suffix: ratings.columns.suffix, &found)
        func contents(_ files: [SourceFile]) throws -> [(path: String, bytes: [UInt8])] {
            try files.map { ($0.path, try context.read($0)) }
        }
        let rated = AnnotationReader(parameters: ratings, context: context).read(
            try contents(layout.annotationFiles), &found)
        let audio = AudioFileIndex(layout.audioFiles, &found)
        var metadata = SongMetadata()
        if layout.isDEAM {
            metadata = DEAMMetadata.read(try contents(layout.metadataFiles), warn: context.services.warn)
        } else if let file = layout.metadataFiles.first {
            let reserved =
                SongTable.ratingColumns(ratings.dimensions) + (folders.count > 1 ? [SongTable.sourceColumn] : [])
            metadata = SongMetadata(
                try context.read(file), path: file.path, reserved: reserved, names: ratings.columns,
                option: context.option(ratings.columnsName), &found, log: context.services.log)
        }
        let ids = Set(audio.files.keys)
        let words = RatingParameters.Words(
            silent: "rated but without a sound file", unrated: "in the audio folder but without a rating",
            none:
                "No song of \(folder.path) is both rated and there as sound. A sound file is named by its song_id, "
                + "such as 12.mp3."
        )
        func unread(_ songs: [String]) -> String {
            songs.isEmpty ? "" : FolderLook(folder.path, context).unreadSongs(songs, in: layout.place)
        }
        guard found.isEmpty else {
            if let mismatch = ratings.mismatch(rated.rows, having: ids, words: words, more: unread) {
                found.add(mismatch)
            }
            faults.add(found)
            return nil
        }
        let songs = try ratings.matched(
            rated.songs, having: ids, reasons: AudioFileIndex.reasons(layout.leftOut), source: folder.path,
            words: words, more: unread,
            context)
        try MetadataJoin(metadata: metadata, known: rated.ids.union(ids), songs: songs.map(\.id)).check(context)
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
            Self.audio,
            table.songs.map {
                Manifest.Entry(id: $0.id, file: $0.file, blob: $0.audio, sources: [$0.audio.hash])
            })
        let sources = Dictionary(uniqueKeysWithValues: table.songs.map { ($0.id, [$0.audio.hash]) })
        try context.writeTable(
            Self.labels, table.labels, fitted: Lineage(), sources: sources, attributes: ratings.attributes)
        context.services.metric("songs", Double(table.songs.count))
        context.services.log(
            "\(IDList.songs(table.songs.count)), rated in \(ratings.dimensions.joined(separator: " and "))")
    }
}
