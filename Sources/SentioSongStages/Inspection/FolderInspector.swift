package import SentioKit
import SentioBase

/// Examines a folder of songs and ratings: decides what `song-dataset` must be told, has the code of that kind read the
/// folder with these settings, and reports what it found.
struct FolderInspector {
    private let files: FolderFiles
    private var inspection = DatasetInspection()
    /// The values of `song-dataset`'s parameters.
    private var given: [String: Value]

    /// - throws: `StageFailure` if there is no such folder; `BlobStoreError`.
    init(_ folder: String) throws {
        // As a source, the bare word stands for songs that the program generates.
        files = try FolderFiles(folder == "demo" ? "./demo" : folder)
        given = [SongDatasetStage.source.name: .string(files.folder)]
    }

    /// - throws: `StageFailure`, `BlobStoreError`, `ConfigurationErrors`.
    mutating func inspect(
        readsSongs: Bool, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws -> DatasetInspection {
        let songs = try chooseAudio()
        if let table = try chooseTable() { try chooseColumns(table, songs) }
        let paths = try read()
        if readsSongs {
            let survey = SongSurvey(paths, threads: threads, progress: progress)
            inspection.findings += survey.findings
            inspection.lengths = survey.lengths
        }
        return inspection
    }

    private mutating func add(
        _ severity: DatasetInspection.Finding.Severity, _ place: String, _ problem: String, advice: String = ""
    ) {
        inspection.findings.append(.init(severity, place, problem, advice: advice))
    }

    private mutating func set(_ name: String, _ value: Value) {
        given[name] = value
        inspection.settings.append(.init(name, value))
    }

    // MARK: What must be decided

    /// Finds the songs; sets their folder if it is not one that `song-dataset` looks into.
    /// - returns: the ids of the songs.
    private mutating func chooseAudio() throws -> Set<String> {
        func found() throws -> [SourceFile] {
            let stage = try SongDatasetStage(try Configuration(SongDatasetStage.parameters, given: given))
            let names = Set(DatasetLayout.audioRequests(prefix: ""))
            return try stage.sources.filter { names.contains($0.name) }.flatMap(files.answer)
        }
        var songs = try found()
        let folders = try files.foldersOfSongs()
        if songs.isEmpty, let most = folders.max(by: { $0.songs < $1.songs }) {
            let name = folders.count == 1 ? most.name : "."
            set(SongDatasetStage.audioFolder.name, .string(name))
            songs = try found()
            let place = folders.count == 1 ? files.path(name) : files.folder
            add(
                .note, place,
                folders.count == 1
                    ? "the audio files are here, not in audio/"
                    : "the audio files are in \(IDList.text(folders.map { $0.name + "/" })), not in audio/",
                advice: "`audio:` says so.")
        } else if let first = songs.first, first.path == files.path(first.name) {
            add(.note, files.folder, "the audio files are in the folder itself, which is read as it is")
        }
        return Set(songs.map { AudioFileIndex.stem($0.name) })
    }

    /// The name of the table of ratings; nil if there is none, or it has DEAM's form.
    private mutating func chooseTable() throws -> String? {
        let usual = DatasetLayout.Places().annotations
        if files.has(usual) { return usual }
        let tables = DatasetLayout.requests(folder: files.folder).filter {
            $0.name.hasPrefix("deam") && !$0.name.contains("metadata") && $0.form == .file
        }
        if try tables.contains(where: { try !files.answer($0).isEmpty }) { return nil }
        let others: Set<String> = ["metadata.csv", "features.csv"]
        let candidates = try files.names(["csv", "tsv", "txt"]).filter { !others.contains($0) }
        let readable = try candidates.filter { name in
            let file = TableFile(try files.read(name), path: name)
            let guess = RatingTableGuess(file, songs: [])
            let hasSongs =
                file.table.column(ColumnNames.song) != nil || guess.columns.contains { $0.name == ColumnNames.song }
            return hasSongs
                && guess.dimensions.contains { dimension in
                    file.table.column(dimension + "_mean") != nil
                        || guess.columns.contains { $0.name == dimension + "_mean" }
                }
        }
        guard let chosen = readable.first ?? (candidates.count == 1 ? candidates[0] : nil) else { return nil }
        set(SongDatasetStage.annotations.name, .string(chosen))
        if readable.count > 1 {
            add(
                .error, files.folder, "several tables may hold the ratings: \(IDList.text(readable))",
                advice: "Rename the one that does to \(usual).")
        } else {
            add(
                .note, files.path(chosen), "the table of ratings is here, not in \(usual)",
                advice: "`annotations:` says so.")
        }
        return chosen
    }

    /// Sets names of columns, dimensions and scale where they are not the usual ones.
    private mutating func chooseColumns(_ name: String, _ songs: Set<String>) throws {
        let bytes = try files.read(name), path = files.path(name)
        let file = TableFile(bytes, path: path)
        guard !file.table.columns.isEmpty else { return }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            add(.note, "\(path):1", "the file starts with a byte-order mark, which is skipped")
        }
        if file.format.separator != .comma {
            add(
                .note, "\(path):\(file.headerLine)",
                "the columns are separated by \(file.format.separator.name), which is read as it is")
        }
        let guess = RatingTableGuess(file, songs: songs)
        inspection.findings += guess.findings
        if !guess.columns.isEmpty {
            let names = guess.columns.map { ($0.name, Value.string($0.column)) }
            set(RatingParameters.columns.name, .map(Dictionary(uniqueKeysWithValues: names)))
        }
        if guess.dimensions != RatingParameters.dimensions.defaultValue {
            set(RatingParameters.dimensions.name, .list(guess.dimensions.map { .string($0) }))
        }
        try chooseScale(bytes, path)
    }

    private mutating func chooseScale(_ bytes: [UInt8], _ path: String) throws {
        let everything: Value = [.double(-1e12), .double(1e12)]
        let values = given.merging([RatingParameters.scale.name: everything]) { _, wide in wide }
        let parameters = try RatingParameters(
            try Configuration(SongDatasetStage.parameters, given: values), columns: RatingParameters.columns)
        var ignored = DatasetFaults()
        let rated = AnnotationReader(parameters: parameters, context: context(RecordingServices())).read(
            [(path, bytes)], &ignored)
        let means = rated.songs.flatMap(\.means)
        guard let low = means.min(), let high = means.max() else { return }
        let scale = RatingParameters.likelyScale(low, high), bounds = [scale.lowerBound, scale.upperBound]
        guard bounds != RatingParameters.scale.defaultValue else { return }
        let text = bounds.map(NumberText.short).joined(separator: ", ")
        set(
            RatingParameters.scale.name,
            .list(bounds.map { bound in Int(exactly: bound).map(Value.int) ?? .double(bound) }))
        add(
            .warning, path,
            "the ratings range from \(NumberText.short(low)) to \(NumberText.short(high)), so their scale is "
                + "taken to be [\(text)]",
            advice: "If the songs were rated on another scale, correct `scale: [\(text)]`.")
    }

    // MARK: Reading

    private func context(
        _ services: RecordingServices, _ found: [String: [SourceFile]] = [:], _ outputs: [OutputPort] = []
    ) -> StageContext {
        StageContext(
            stage: "songs", sourceFiles: found, outputPorts: outputs, store: files.store, services: services)
    }

    /// Reads the folder as a run would.
    /// - returns: the paths of the songs that have a rating, in byte order of their ids.
    private mutating func read() throws -> [String] {
        let stage = try SongDatasetStage(try Configuration(SongDatasetStage.parameters, given: given))
        var found: [String: [SourceFile]] = [:]
        for request in stage.sources { found[request.name] = try files.answer(request) }
        let services = RecordingServices(), context = context(services, found, stage.outputs)
        var faults = DatasetFaults()
        let folder = try SongFolder(
            files.folder, places: stage.places, ratings: stage.ratings, reserved: stage.reserved, context, &faults)
        for note in folder.notes { add(.note, note.place, note.text, advice: note.advice) }
        for fault in faults.single {
            add(
                .error, fault.place.isEmpty ? files.folder : fault.place, FindingText.clause(fault.problem),
                advice: fault.advice)
        }
        inspection.dimensions = stage.ratings.dimensions
        inspection.metadataColumns = folder.metadata.columns
        if faults.isEmpty { inspection.ratings = Self.table(folder.rated.songs, stage.ratings.dimensions) }
        return match(folder, stage.ratings, context, services)
    }

    /// Matches ratings, sound and metadata.
    private mutating func match(
        _ folder: SongFolder, _ ratings: RatingParameters, _ context: StageContext, _ services: RecordingServices
    ) -> [String] {
        let rows = folder.rated.rows, ids = folder.ids, words = folder.words
        func unread(_ songs: [String]) -> String { folder.unread(songs, context) }
        if let mismatch = ratings.mismatch(rows, having: ids, words: words, more: unread) {
            add(.error, files.folder, FindingText.clause(mismatch))
            return []
        }
        for part in rows.isEmpty || ids.isEmpty ? [] : ratings.unmatched(rows, having: ids, words: words, more: unread)
        {
            add(
                .warning, part.place ?? files.path(folder.layout.place), FindingText.clause(part.sentence),
                advice: "Left out.")
        }
        let songs = folder.rated.songs.filter { ids.contains($0.id) }.map(\.id)
        inspection.songs = songs.count
        if songs.isEmpty, inspection.count(.error) == 0 { add(.error, files.folder, FindingText.clause(words.none)) }
        do { try folder.checkMetadata(of: songs, context) } catch {
            add(.error, folder.metadata.paths.first ?? files.folder, FindingText.clause("\(error)"))
        }
        for warning in services.warnings {
            add(.warning, folder.metadata.paths.first ?? files.folder, FindingText.clause(warning))
        }
        if files.has("features.csv"), ids.isEmpty {
            add(
                .note, files.path("features.csv"), "there are features in place of sound",
                advice: "`table-dataset` reads them (pipelines/phase1-table.yaml).")
        }
        return songs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { folder.audio.files[$0]?.path }
    }

    /// Ratings in the documented form, in the order of the file.
    private static func table(_ songs: [RatedSong], _ dimensions: [String]) -> Table {
        let hasSpreads = songs.contains { $0.spreads.contains { !$0.isEmpty } }
        let names = dimensions.flatMap { hasSpreads ? [$0 + "_mean", $0 + "_std"] : [$0 + "_mean"] }
        return Table(
            columns: [ColumnNames.song] + names,
            rows: songs.map { song in
                [song.id]
                    + zip(song.means, song.spreads).flatMap { mean, spread in
                        hasSpreads ? [NumberText.short(mean), spread] : [NumberText.short(mean)]
                    }
            })
    }
}

extension SongDatasetStage: InspectableDataset {
    package static func inspect(
        _ folder: String, readsSongs: Bool, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws -> DatasetInspection {
        var inspector = try FolderInspector(folder)
        return try inspector.inspect(readsSongs: readsSongs, threads: threads, progress: progress)
    }
}
