package import SentioKit

/// Songs and their ratings from a folder or several, or made by the program itself.
///
/// A folder is laid out as `audio/`, `annotations.csv` and, optionally, `metadata.csv`; or as DEAM's own downloads
/// (`DEAM_audio/MEMD_audio`, `DEAM_Annotations/annotations/annotations averaged per song/song_level`, `metadata`).
/// The word `demo` stands for songs that the program makes and encodes as MP3.
/// Several folders are united as `SongTable.united` says: ids `NAME-ID`, a column `source`, every recording once.
/// Outputs: `audio`, the files as found; `labels`, ratings in the units of `scale` and metadata columns, rows in byte
/// order of ids; with `dynamic`, the output `dynamic`: ratings over time of the songs that have them. Throws
/// `StageFailure` naming file, line and song. Deterministic.
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
    /// In the key by the sources that it adds: a parameter of the key would change the keys of all older results.
    static let dynamic = Parameter(
        "dynamic", default: false,
        "Also read ratings over time, dynamic/<dimension>.csv or DEAM's folder of them, into an output `dynamic`: a "
            + "sequence for each song that has one.",
        source: "DEAM", isIdentity: false)

    package static let parameters: [any ParameterDefinition] = [
        source, RatingParameters.columns, RatingParameters.missing, RatingParameters.scale, RatingParameters.dimensions,
        RatingParameters.limit, demoSongs, dynamic,
    ]
    package static let inputs: [InputPort] = []
    static let audio = OutputPort("audio", .audioFiles, "The sound files as found.")
    static let labels = OutputPort("labels", .labels, "Ratings, their spread, and metadata, one row a song.")
    package static let outputs = [audio, labels]
    static let dynamicOutput = OutputPort(
        "dynamic", .ratingSequences, "Ratings over time of the songs that have them, on a scale from -1 to 1.")

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
        if isDemo, configuration[Self.dynamic] {
            throw ConfigurationErrors("dynamic", "the demo songs have no ratings over time.")
        }
        if isDemo, !ratings.columns.isEmpty { throw ConfigurationErrors("columns", "the demo songs have no tables.") }
    }

    private static let demoWord = "demo"

    private var isDemo: Bool { folders[0].path == Self.demoWord }

    /// What the requests of a folder are called by. The name is in the key, for ids are made of it; the path is not.
    private func label(_ folder: DatasetFolders.Folder) -> String { folders.count > 1 ? folder.name + ": " : "" }

    package var outputs: [OutputPort] {
        configuration[Self.dynamic] ? Self.outputs + [Self.dynamicOutput] : Self.outputs
    }

    package var sources: [SourceRequest] {
        if isDemo { return [] }
        return folders.flatMap { folder -> [SourceRequest] in
            let suffix = ratings.columns.suffix
            let requests = DatasetLayout.requests(folder: folder.path, prefix: label(folder), suffix: suffix)
            guard configuration[Self.dynamic] else { return requests }
            return requests
                + DatasetLayout.dynamicRequests(
                    folder: folder.path, prefix: label(folder), suffix: suffix, dimensions: ratings.dimensions)
        }
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        let found = songs(inputs)
        var amounts = [
            Self.audio: Amount(items: found), Self.labels: Amount(items: found, attributes: ratings.attributes),
        ]
        if configuration[Self.dynamic] { amounts[Self.dynamicOutput] = Amount(items: found) }
        return amounts
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
        let dynamic = try dynamicRatings(folder, context, &found)
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
        let strangers = (dynamic?.songs ?? []).subtracting(songs.map(\.id)).count
        if strangers > 0 {
            context.services.log(
                "\(folder.name): ratings over time of \(IDList.songs(strangers)) that the dataset does not have are "
                    + "not used")
        }
        try MetadataJoin(metadata: metadata, known: rated.ids.union(ids), songs: songs.map(\.id)).check(context)
        return SongTable(
            dimensions: ratings.dimensions, metadataColumns: metadata.columns,
            songs: songs.map { song in
                guard let file = audio.files[song.id] else { preconditionFailure("A matched song has audio.") }
                let name = song.id + "." + AudioFileIndex.fileExtension(file.name)
                return SongTable.Song(
                    id: song.id, file: name, audio: file.blob, means: song.means, spreads: song.spreads,
                    metadata: metadata.cells[song.id] ?? metadata.columns.map { _ in "" },
                    dynamic: dynamic?.series(of: song.id))
            })
    }

    /// What a folder has of ratings over time; nil where it has none or they are not wanted.
    /// - parameter faults: takes what is wrong with the tables, and what is missing where there are others.
    private func dynamicRatings(_ folder: DatasetFolders.Folder, _ context: StageContext, _ faults: inout DatasetFaults)
        throws -> DynamicRatings?
    {
        guard configuration[Self.dynamic] else { return nil }
        let files = ratings.dimensions.map { dimension in
            DatasetLayout.dynamicFile(
                dimension, found: context, prefix: label(folder), suffix: ratings.columns.suffix)
        }
        guard files.contains(where: { $0 != nil }) else { return nil }
        var dynamic = DynamicRatings(dimensions: ratings.dimensions, names: ratings.columns)
        for (place, file) in files.enumerated() {
            guard let file else {
                faults.add(
                    "The dataset \(folder.path) has ratings over time, but none of \(ratings.dimensions[place]): "
                        + "dynamic/\(ratings.dimensions[place]).csv is not there.")
                continue
            }
            let table = TableFile(try context.read(file), path: file.path, names: ratings.columns)
            table.noteFormat(context.services.log)
            dynamic.read(table, dimension: place, &faults)
        }
        return dynamic
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
        if configuration[Self.dynamic] { try writeDynamic(table, context) }
        context.services.metric("songs", Double(table.songs.count))
        context.services.log(
            "\(IDList.songs(table.songs.count)), rated in \(ratings.dimensions.joined(separator: " and "))")
    }

    private func writeDynamic(_ table: SongTable, _ context: StageContext) throws {
        let entries = try table.songs.compactMap { song in
            try song.dynamic.map { series in
                Manifest.Entry(
                    id: song.id, file: song.id + ".npy", blob: try context.store(SequenceFile.bytes(series)),
                    sources: [song.audio.hash])
            }
        }
        guard !entries.isEmpty else {
            throw StageFailure(
                "No song of the dataset has ratings over time. They are read from a table for each dimension, "
                    + IDList.all(ratings.dimensions.map { "dynamic/\($0).csv" })
                    + " or DEAM's `dynamic (per second annotations)`; without them, leave `dynamic` out."
            )
        }
        try context.writeCollection(
            Self.dynamicOutput, entries, fitted: Lineage(),
            attributes: SequenceCollection.attributes(dimensions: table.dimensions, scale: DynamicRatings.scale))
        context.services.metric("songs.dynamic", Double(entries.count))
        context.services.log("\(entries.count) of \(IDList.songs(table.songs.count)) have ratings over time")
    }
}
