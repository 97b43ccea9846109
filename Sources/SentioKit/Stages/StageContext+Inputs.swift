extension StageContext {
    /// How an input is laid out, for ports that take several types.
    /// - Precondition: the port is connected.
    public func form(of port: InputPort) -> ArtifactType.Form { artifact(port).manifest.form }

    /// The name of the type of an input, for ports that take several.
    /// - Precondition: the port is connected.
    public func type(of port: InputPort) -> String { artifact(port).manifest.type }

    /// An input collection: items by id, read one at a time.
    /// - Precondition: the port is connected.
    public func collection(_ port: InputPort) -> InputCollection { InputCollection(context: self, port: port) }

    /// An input table: rows by song id.
    /// - Throws: `BlobStoreError`, `StageFailure` where the file is not a table with a `song_id` column.
    public func table(_ port: InputPort) throws -> InputTable { try InputTable(context: self, port: port) }

    /// An input table of numbers: rows by song id.
    /// - Throws: `BlobStoreError`, `StageFailure` where the file is not such a table.
    public func numbers(_ port: InputPort) throws -> InputNumbers { try InputNumbers(context: self, port: port) }

    /// The content of one file of an input; the only one if `file` is not given.
    /// - Throws: `BlobStoreError`; `StageFailure` where there is no such file.
    public func file(_ port: InputPort, _ file: String? = nil) throws -> [UInt8] {
        let artifact = artifact(port)
        let entries = artifact.manifest.entries
        guard let entry = file.map({ artifact.manifest.entry($0) }) ?? entries.first else {
            throw StageFailure("The input `\(port)` of \(stage) has no file \(file.map { "`\($0)`" } ?? "at all").")
        }
        let bytes = try store.read(entry.blob)
        if artifact.manifest.form == .table {
            for row in artifact.manifest.rows { saw(row.sources, fitted: row.fitted, id: row.id, of: artifact) }
        }
        saw(entry.sources, fitted: entry.fitted, id: entry.id, of: artifact)
        return bytes
    }

    /// What an input consists of besides the content of its files: permission bits, links, empty folders.
    /// - Throws: `StageFailure` for an artifact that would reach out of its folder.
    public func shape(_ port: InputPort) throws -> FolderShape {
        try FolderShape(attributes: artifact(port).manifest.attributes)
    }

    /// Writes an input's files below a folder, for programs that want paths. Counts as reading all of it.
    public func materialize(
        _ port: InputPort, at directory: String, place: (_ blobPath: String, _ file: String) throws -> Void
    ) throws {
        let artifact = artifact(port)
        for entry in artifact.manifest.entries {
            try place(try store.path(of: entry.blob), entry.file)
            saw(entry.sources, fitted: entry.fitted, id: entry.id, of: artifact)
        }
        for row in artifact.manifest.rows { saw(row.sources, fitted: row.fitted, id: row.id, of: artifact) }
    }

    /// The CSV of a table. Reading it is not reading its songs: rows enter the ledger as they are asked for.
    /// - Throws: `BlobStoreError`; `StageFailure` where the input is no table.
    func tableBytes(_ port: InputPort) throws -> [UInt8] {
        let manifest = artifact(port).manifest
        guard manifest.form == .table, let entry = manifest.entries.first else {
            throw StageFailure("The input `\(port)` of \(stage) is not a table.")
        }
        return try store.read(entry.blob)
    }

    /// Refuses predictions of songs that were seen by what predicted them.
    /// - Parameters:
    ///   - items: Rows or items of the input, with their lineage.
    ///   - word: What one of them is called: `row`.
    ///   - copies: The sources of other songs that are the same recording, by id.
    /// - Throws: `LeakageError` with the songs; `StageFailure` where the song behind an item is unknown.
    func requireUnseen(
        _ items: [(id: String, sources: [ContentHash], fitted: Int?)], of port: InputPort, as word: String,
        copies: [String: [ContentHash]]
    ) throws {
        let manifest = artifact(port).manifest
        var leaked: [String] = [], copied: [String] = []
        for item in items {
            let seen = item.fitted.map { manifest.fittedSets[$0] } ?? manifest.lineage
            let origin = Set(item.sources).union(sources(of: item.id))
            if origin.isEmpty, !seen.isEmpty || !manifest.lineage.isEmpty {
                throw StageFailure(
                    "The song behind the \(word) `\(item.id)` on `\(port)` of \(stage) is unknown, so the leakage "
                        + "guard cannot check whether it was seen in training. The stage that wrote it must give "
                        + "`sources` for ids of its own."
                )
            }
            let isSeen = { (song: ContentHash) in seen.contains(song) || manifest.lineage.contains(song) }
            if origin.contains(where: isSeen) {
                leaked.append(item.id)
            } else if (copies[item.id] ?? []).contains(where: isSeen) {
                leaked.append(item.id)
                copied.append(item.id)
            }
        }
        guard leaked.isEmpty else { throw LeakageError(songs: leaked, port: port.name, copies: copied) }
    }

    /// The songs behind an id, from all inputs that know it, in the order of their hashes.
    func sources(of id: String) -> [ContentHash] {
        var songs: Set<ContentHash> = []
        for artifact in inputs.values {
            if let row = artifact.manifest.row(id) { songs.formUnion(row.sources) }
            if artifact.manifest.form == .collection, let entry = artifact.manifest.entry(id) {
                songs.formUnion(entry.sources)
            }
        }
        return songs.sorted()
    }
}

extension Manifest {
    /// The entry of an id, by binary search.
    public func entry(_ id: String) -> Entry? { Self.find(id, in: entries, \.id) }
    /// The row of an id, by binary search.
    public func row(_ id: String) -> Row? { Self.find(id, in: rows, \.id) }

    private static func find<Element>(_ id: String, in elements: [Element], _ key: (Element) -> String) -> Element? {
        var low = 0, high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if key(elements[middle]).utf8.lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < elements.count && key(elements[low]) == id ? elements[low] : nil
    }
}

/// A collection on an input port.
public struct InputCollection: Sendable {
    let context: StageContext
    /// The port it was read from.
    public let port: InputPort

    /// The attributes of the artifact.
    public var attributes: [String: Value] { context.artifact(port).manifest.attributes }
    /// Ids in byte order. Knowing an id is not reading a song.
    public var ids: [String] { context.artifact(port).manifest.entries.map(\.id) }
    /// Whether the collection has an item for a song.
    public func contains(_ id: String) -> Bool { context.artifact(port).manifest.entry(id) != nil }

    /// The address of an item's content. Knowing it is not reading a song.
    /// - Throws: `StageFailure` for an id that is not in the collection.
    public func content(_ id: String) throws -> ContentHash { try entry(id).blob.hash }

    /// An item for `writeCollection` to pass on without reading its content; the song enters the stage's ledger.
    /// - Throws: `StageFailure` for an id that is not in the collection.
    public func handOn(_ id: String) throws -> Manifest.Entry {
        _ = try opened(id)
        var entry = try entry(id)
        // The context adds what the item was fitted on; the number refers to a set of this collection.
        entry.fitted = nil
        return entry
    }

    /// The verified content of one item; the song enters the stage's ledger.
    /// - Throws: `BlobStoreError`; `StageFailure` for an id that is not in the collection.
    public func read(_ id: String) throws -> [UInt8] { try context.store.read(try opened(id)) }

    /// The content of predicted items that are to be scored. None of the songs may have been seen by what predicted
    /// them.
    /// - Parameter copies: The sources of other songs that are the same recording, by id; they must not have been seen
    ///   either.
    /// - Throws: `LeakageError` with the songs; `StageFailure` for an id that is not in the collection, or for an item
    ///   whose song is unknown; `BlobStoreError`.
    public func readToScore(_ ids: [String], copies: [String: [ContentHash]] = [:]) throws -> [[UInt8]] {
        let entries = try ids.map { try entry($0) }
        try context.requireUnseen(
            entries.map { (id: $0.id, sources: $0.sources, fitted: $0.fitted) }, of: port, as: "item",
            copies: copies)
        return try ids.map { try read($0) }
    }

    /// The same without a copy in memory, for items that are read many times: verified here, once. The song enters the
    /// stage's ledger.
    /// - Throws: as `read`.
    public func map(_ id: String) throws -> MappedBytes { try context.store.map(try opened(id)) }

    private func opened(_ id: String) throws -> BlobReference {
        let entry = try entry(id)
        context.saw(entry.sources, fitted: entry.fitted, id: entry.id, of: context.artifact(port))
        return entry.blob
    }

    private func entry(_ id: String) throws -> Manifest.Entry {
        guard let entry = context.artifact(port).manifest.entry(id) else {
            throw StageFailure("The input `\(port)` of \(context.stage) has no song `\(id)`.")
        }
        return entry
    }
}

/// A table on an input port.
public struct InputTable: Sendable {
    let context: StageContext
    /// The port it was read from.
    public let port: InputPort
    private let table: Table
    private let position: [String: Int]

    init(context: StageContext, port: InputPort) throws {
        self.context = context
        self.port = port
        do {
            table = try CSVReader.read(try context.tableBytes(port))
        } catch let error as CSVError {
            throw StageFailure(
                "The table on `\(port)` of \(context.stage) cannot be read: line \(error.line): \(error.problem).")
        }
        guard let column = table.column("song_id") else {
            throw StageFailure("The table on `\(port)` of \(context.stage) has no column `song_id`.")
        }
        position = Dictionary(
            table.rows.enumerated().map { ($0.element[column], $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The attributes of the artifact.
    public var attributes: [String: Value] { context.artifact(port).manifest.attributes }
    /// Names of the columns, `song_id` among them.
    public var columns: [String] { table.columns }
    /// Ids in byte order. Knowing an id is not reading a song.
    public var ids: [String] { context.artifact(port).manifest.rows.map(\.id) }
    /// Whether the table has a row for a song.
    public func contains(_ id: String) -> Bool { position[id] != nil }

    /// The original songs behind an id: two ids of one recording have the same.
    public func sources(of id: String) -> [ContentHash] { context.artifact(port).manifest.row(id)?.sources ?? [] }

    /// The cells of the named columns for the given songs, in their order; the songs enter the stage's ledger
    /// unless the table says nothing about them (a split).
    /// - Throws: `StageFailure` for a song or column that the table lacks.
    public func rows(for ids: [String], columns names: [String]) throws -> [[String]] {
        let artifact = context.artifact(port)
        for id in ids {
            if let row = artifact.manifest.row(id) {
                context.saw(row.sources, fitted: row.fitted, id: row.id, of: artifact)
            }
        }
        return try cells(for: ids, columns: names)
    }

    /// The cells of predictions that are to be scored. None of the songs may have been seen by what predicted them.
    /// - Parameter copies: The sources of other songs that are the same recording, by id; they must not have been seen
    ///   either.
    /// - Throws: `LeakageError` with the songs; `StageFailure` for a song or column that the table lacks, or for a row
    ///   whose song is unknown.
    public func rowsToScore(
        for ids: [String], columns names: [String], copies: [String: [ContentHash]] = [:]
    ) throws -> [[String]] {
        let manifest = context.artifact(port).manifest
        try context.requireUnseen(
            ids.compactMap { id in manifest.row(id).map { (id: id, sources: $0.sources, fitted: $0.fitted) } },
            of: port, as: "row", copies: copies)
        return try rows(for: ids, columns: names)
    }

    /// The cells of predictions on songs that the model was fitted on, for scores labeled in-sample.
    public func rowsInSample(for ids: [String], columns names: [String]) throws -> [[String]] {
        try rows(for: ids, columns: names)
    }

    private func cells(for ids: [String], columns names: [String]) throws -> [[String]] {
        let indices = try names.map { name in
            guard let index = table.column(name) else {
                throw StageFailure(
                    "The table on `\(port)` of \(context.stage) has no column `\(name)`. It has "
                        + "\(table.columns.joined(separator: ", "))."
                )
            }
            return index
        }
        return try ids.map { id in
            guard let row = position[id] else {
                throw StageFailure("The table on `\(port)` of \(context.stage) has no song `\(id)`.")
            }
            return indices.map { table.rows[row][$0] }
        }
    }
}
