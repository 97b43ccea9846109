package import SentioKit

/// Features and ratings from tables instead of audio, such as openSMILE's output or existing embeddings.
///
/// A folder holds `features.csv` (song_id and columns of numbers), `annotations.csv` and, optionally, `metadata.csv`,
/// as for `song-dataset`; each file can also be named individually. An empty cell or NaN is a missing value. Outputs:
/// `features`, and `labels`, ratings in the units of `scale` and metadata columns; rows in byte order of ids. A song is
/// identified by its numbers: two ids with the same features are one recording to `split` and to the leakage guard.
/// Throws `StageFailure` naming file, line, song and column. Deterministic.
package struct TableDatasetStage: Stage {
    package static let kind = "table-dataset"
    package static let version = 1
    package static let summary =
        "Reads features and ratings of songs from tables (features.csv, annotations.csv, metadata.csv)."

    static let source = Parameter<String?>(
        "source", default: .some(nil),
        "Folder of features.csv, annotations.csv and, optionally, metadata.csv; null: the pipeline file's folder.",
        isIdentity: false,
        path: PathRule())
    static let features = Parameter<String?>(
        "features", default: .some(nil), "Table of features; null: features.csv in `source`.", isIdentity: false,
        path: PathRule())
    static let annotations = Parameter<String?>(
        "annotations", default: .some(nil), "Table of ratings; null: annotations.csv in `source`.", isIdentity: false,
        path: PathRule())
    static let metadata = Parameter<String?>(
        "metadata", default: .some(nil),
        "Table of artists, genres and other metadata; null: metadata.csv in `source`, if it exists.",
        isIdentity: false, path: PathRule())
    static let columns = Parameter<[String]>(
        "columns", default: [], "Features to use, as names or patterns such as `*_amean`; empty: all.")
    static let exclude = Parameter<[String]>(
        "exclude", default: [], "Features to leave out, as names or patterns; they may contain text.")

    package static let parameters: [any ParameterDefinition] = [
        source, features, annotations, metadata, columns, exclude, RatingParameters.ratingColumns,
        RatingParameters.missing,
        RatingParameters.scale, RatingParameters.dimensions, RatingParameters.targets, RatingParameters.limit,
    ]
    package static let inputs: [InputPort] = []
    static let featuresOutput = OutputPort("features", .featureTable, "The features as found, one row per song.")
    static let labels = OutputPort("labels", .labels, "Ratings, their spread, and metadata, one row per song.")
    package static let outputs = [featuresOutput, labels]

    private let paths: (features: String, annotations: String, metadata: String?)
    private let hasOwnMetadata: Bool
    private let patterns: ColumnPatterns
    private let ratings: RatingParameters

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let given = configuration[Self.source], features = configuration[Self.features],
            annotations = configuration[Self.annotations]
        func path(_ name: String) -> String { given.map { $0.hasSuffix("/") ? $0 + name : $0 + "/" + name } ?? name }
        let metadata = configuration[Self.metadata]
        hasOwnMetadata = metadata != nil
        // If both other files are named, a metadata.csv that happens to be next to the pipeline is not meant.
        let isNamed = given == nil && features != nil && annotations != nil
        paths = (
            features ?? path("features.csv"), annotations ?? path("annotations.csv"),
            metadata ?? (isNamed ? nil : path("metadata.csv"))
        )
        patterns = ColumnPatterns(columns: configuration[Self.columns], exclude: configuration[Self.exclude])
        ratings = try RatingParameters(configuration, columns: RatingParameters.ratingColumns)
    }

    package var sources: [SourceRequest] {
        [SourceRequest("features", path: paths.features), SourceRequest(annotationsName, path: paths.annotations)]
            + (paths.metadata.map { [SourceRequest("metadata", path: $0, isOptional: !hasOwnMetadata)] } ?? [])
    }

    /// What is read from the ratings depends on the names of their columns, so these are part of the key.
    private var annotationsName: String { "annotations" + ratings.columns.suffix }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        Workload(["bytes": inputs.all.reduce(0) { $0 + ($1.bytes ?? 0) }], pace: "")
    }

    package func run(_ context: StageContext) throws {
        guard let featureFile = context.sourceFiles("features").first,
            let ratingFile = context.sourceFiles(annotationsName).first
        else {
            throw StageFailure("The dataset needs \(paths.features) and \(paths.annotations).")
        }
        var faults = DatasetFaults()
        let features = try readFeatures(featureFile, context, &faults)
        let rated = AnnotationReader(parameters: ratings, context: context).read(
            [(ratingFile.path, try context.read(ratingFile))], &faults)
        var metadata = SongMetadata()
        if let file = context.sourceFiles("metadata").first {
            metadata = SongMetadata(
                try context.read(file), path: file.path, reserved: SongTable.ratingColumns(ratings.dimensions),
                names: ratings.columns,
                option: context.option(ratings.columnsName), &faults, log: context.services.log)
        }
        let words = RatingParameters.Words(
            silent: "rated but without features", unrated: "in \(featureFile.path) but without a rating",
            none: "No song_id of \(featureFile.path) is rated in \(ratingFile.path).")
        if !faults.isEmpty, let features,
            let mismatch = ratings.mismatch(rated.rows, having: Set(features.ids), words: words)
        {
            faults.add(mismatch)
        }
        try faults.check()
        guard let table = features else { preconditionFailure("Features that cannot be read have a fault.") }
        let songs = try ratings.matched(
            rated.songs, having: Set(table.ids), source: featureFile.path, words: words, context)
        for note in rated.notes + metadata.notes { context.services.warn(note.sentence) }
        try MetadataJoin(metadata: metadata, known: rated.ids.union(table.ids), songs: songs.map(\.id)).check(context)
        let position = Dictionary(uniqueKeysWithValues: table.ids.enumerated().map { ($1, $0) })
        let chosen = songs.map(\.id).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let rows = chosen.compactMap { position[$0] }
        let selected = NumberTable(columns: table.columns, ids: chosen, values: rows.flatMap { table.row($0) })
        let sources = Dictionary(
            uniqueKeysWithValues: chosen.indices.map { (chosen[$0], [Self.identity(selected.row($0))]) })
        sayWhatIsOneRecording(chosen, sources, context)
        try context.writeNumbers(Self.featuresOutput, selected, fitted: Lineage(), sources: sources)
        try context.writeTable(
            Self.labels,
            SongTable.labels(
                dimensions: ratings.dimensions, metadataColumns: metadata.columns,
                songs: songs.map { ($0, metadata.cells[$0.id] ?? metadata.columns.map { _ in "" }) }),
            fitted: Lineage(), sources: sources, attributes: ratings.attributes)
        context.services.metric("songs", Double(chosen.count))
        context.services.metric("features", Double(selected.columns.count))
        context.services.log(
            "\(IDList.songs(chosen.count)) with \(selected.columns.count) features, rated in "
                + "\(IDList.all(ratings.dimensions))"
        )
    }

    /// The features; nil if something is wrong with them.
    /// - parameter faults: collects all problems.
    private func readFeatures(_ file: SourceFile, _ context: StageContext, _ faults: inout DatasetFaults) throws
        -> NumberTable?
    {
        let bytes = try context.read(file)
        do throws(NumberTableError) {
            let format = try Self.format(of: bytes, naming: ratings.columns[ColumnNames.song])
            format.note(file.path, context.services.log)
            let song = ratings.columns.song(among: CSVReader.columns(bytes, format: format))
            let columns = try NumberTableReader.columns(bytes, format: format, naming: song)
            let idle = patterns.faults(against: columns, path: file.path)
            faults.add(idle)
            if !idle.isEmpty, !columns.contains(where: patterns.keeps) { return nil }
            let table = try NumberTableReader.read(
                bytes, format: format, naming: song, checking: SongID.problem, keeping: patterns.keeps)
            return idle.isEmpty ? table : nil
        } catch {
            faults.add(
                error.faults, of: file.path, opening: error.isHeader ? "" : "The features cannot be used",
                cures: cures(error, bytes, context))
            return nil
        }
    }

    private static func format(of bytes: [UInt8], naming column: String) throws(NumberTableError) -> CSVFormat {
        do { return try CSVFormat(of: bytes, naming: column) } catch { throw NumberTableError(error) }
    }

    private func cures(_ error: NumberTableError, _ bytes: [UInt8], _ context: StageContext) -> [String] {
        guard error.isHeader else {
            let text = error.faults.textColumns
            let rest = "Correct these lines; an empty cell is a missing value."
            guard !text.isEmpty else { return [rest] }
            let shown =
                (patterns.exclude + text.prefix(20)).map(ColumnNames.scalar).joined(separator: ", ")
                + (text.count > 20 ? ", …" : "")
            return ["Leave out text columns: `--set '\(context.option(Self.exclude.name))=[\(shown)]'`.", rest]
        }
        guard let format = try? CSVFormat(of: bytes) else { return [] }
        let columns = CSVReader.columns(bytes, format: format), song = ratings.columns.song(among: columns)
        guard !columns.contains(song),
            let guess = ColumnNames.guesses(for: [ColumnNames.song], among: columns, dimensions: []).first
        else { return [] }
        return [
            "Rename `\(Excerpt.text(guess.column))` to `\(song)` in the file, or write `--set "
                + "'\(context.option(ratings.columnsName))=\(ColumnNames.text([guess]))'`."
        ]
    }

    /// The identity of a song: the hash of its numbers as little-endian doubles, with all missing values equal.
    static func identity(_ values: ArraySlice<Double>) -> ContentHash {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 8)
        for value in values {
            let bits = value.isNaN ? Double.nan.bitPattern : value == 0 ? 0 : value.bitPattern
            withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return Hashing.content(bytes)
    }

    private func sayWhatIsOneRecording(_ ids: [String], _ sources: [String: [ContentHash]], _ context: StageContext) {
        let alike = Dictionary(grouping: ids) { sources[$0]?.first }.values.filter { $0.count > 1 }
        guard !alike.isEmpty else { return }
        let examples = alike.map { $0.joined(separator: " = ") }.sorted()
        let twins = alike.reduce(0) { $0 + $1.count }
        context.services.warn(
            "\(IDList.songs(twins)) have the same features as another song and count as the same recording: "
                + "\(IDList.text(examples))."
        )
    }
}
