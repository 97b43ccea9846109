import Synchronization

extension StageContext {
    /// Writes an output of one file.
    /// - Parameter lineage: The songs that it was made from; by default every song the stage has read up to now.
    /// - Throws: `BlobStoreError`.
    public func write(
        _ port: OutputPort, file: String, _ bytes: [UInt8], lineage: Lineage? = nil, attributes: [String: Value] = [:]
    ) throws {
        try writeFiles(port, [(file, try store.write(bytes))], lineage: lineage, attributes: attributes)
    }

    /// Writes an output of several files that are already in the store. Lineage as with one file.
    public func writeFiles(
        _ port: OutputPort, _ files: [(name: String, blob: BlobReference)], lineage: Lineage? = nil,
        attributes: [String: Value] = [:]
    ) throws {
        let entries = files.map { Manifest.Entry(id: $0.name, file: $0.name, blob: $0.blob) }
        set(port, Manifest(type: type(port), attributes: attributes, entries: entries, lineage: completed(lineage)))
    }

    /// Stores the content of a file in the temporary folder or the user's folder.
    /// - Throws: `BlobStoreError`.
    public func store(contentsOf path: String) throws -> BlobReference { try store.write(contentsOf: path) }

    /// Writes an output table. Rows belong to songs by the column `song_id`.
    /// - Parameters:
    ///   - fitted: The songs that the model behind the rows was fitted on; by default every song the stage has read.
    ///     Rows of different models (out-of-fold predictions) take `fittedSets` instead.
    ///   - sources: The original songs of ids that no input knows.
    /// - Precondition: The table has a column `song_id` and no id twice.
    /// - Throws: `BlobStoreError`.
    public func writeTable(
        _ port: OutputPort, _ table: Table, fitted: Lineage? = nil, sources: [String: [ContentHash]] = [:],
        attributes: [String: Value] = [:]
    ) throws {
        try writeTable(
            port, table, fittedSets: [fitted ?? lineage()], fittedSet: { _ in 0 }, sources: sources,
            attributes: attributes)
    }

    /// Writes an output table whose rows come from different fitted models.
    /// - Parameter fittedSet: The index into `fittedSets` for a row's id; nil where nothing was fitted.
    /// - Throws: `BlobStoreError`.
    public func writeTable(
        _ port: OutputPort, _ table: Table, fittedSets: [Lineage], fittedSet: (String) -> Int?,
        sources: [String: [ContentHash]] = [:],
        attributes: [String: Value] = [:]
    ) throws {
        guard let column = table.column("song_id") else {
            preconditionFailure("A table of songs needs a column `song_id`.")
        }
        writeRows(
            port, ids: table.rows.map { $0[column] }, blob: try store.write(Array(table.csv.utf8)),
            fittedSets: fittedSets,
            fittedSet: fittedSet, sources: sources, attributes: attributes)
    }

    /// Writes an output table of numbers; its attribute `columns` names them.
    /// - Parameter fitted: As with a table of text.
    /// - Precondition: No id occurs twice.
    /// - Throws: `BlobStoreError`.
    public func writeNumbers(
        _ port: OutputPort, _ table: NumberTable, fitted: Lineage? = nil, sources: [String: [ContentHash]] = [:],
        attributes: [String: Value] = [:]
    ) throws {
        var attributes = attributes
        attributes["columns"] = .list(table.columns.map { .string($0) })
        writeRows(
            port, ids: table.ids, blob: try store.write(table.csv), fittedSets: [fitted ?? lineage()],
            fittedSet: { _ in 0 },
            sources: sources, attributes: attributes)
    }

    private func writeRows(
        _ port: OutputPort, ids: [String], blob: BlobReference, fittedSets: [Lineage], fittedSet: (String) -> Int?,
        sources: [String: [ContentHash]], attributes: [String: Value]
    ) {
        var sets = FittedSets(fittedSets, context: self)
        let rows = ids.map { id in
            Manifest.Row(
                id: id, sources: sources[id] ?? self.sources(of: id), fitted: sets.index(of: id, base: fittedSet(id)))
        }
        precondition(Set(ids).count == ids.count, "A song occurs twice in the table written to `\(port)`.")
        let entry = Manifest.Entry(id: "table", file: "\(port.name).csv", blob: blob)
        set(
            port,
            Manifest(type: type(port), attributes: attributes, entries: [entry], rows: rows, fittedSets: sets.used))
    }

    /// Writes an output collection whose blobs are already in the store, or are source files. Entries without sources
    /// get those of their id, where an input knows it.
    /// - Parameters:
    ///   - fittedSets: Where items come from different fitted models: entries point into it.
    ///   - fitted: The songs that the model behind the items was fitted on, for entries that point nowhere; by default
    ///     every song the stage has read, or none where `fittedSets` are given. Empty for a stage that treats each song
    ///     on its own.
    public func writeCollection(
        _ port: OutputPort, _ entries: [Manifest.Entry], fittedSets: [Lineage] = [], fitted: Lineage? = nil,
        attributes: [String: Value] = [:]
    ) throws {
        let rest = fitted ?? (fittedSets.isEmpty ? lineage() : Lineage())
        var sets = FittedSets(fittedSets + [rest], context: self)
        let entries = entries.map { entry in
            var entry = entry
            if entry.sources.isEmpty { entry.sources = sources(of: entry.id) }
            entry.fitted = sets.index(of: entry.id, base: entry.fitted ?? fittedSets.count)
            return entry
        }
        set(port, Manifest(type: type(port), attributes: attributes, entries: entries, fittedSets: sets.used))
    }

    /// Whether the store still has a blob, intact, that an earlier attempt at the stage wrote.
    public func holds(_ blob: BlobReference) -> Bool { (try? store.map(blob)) != nil }

    /// Stores bytes for an entry of `writeCollection`.
    /// - Throws: `BlobStoreError`.
    public func store(_ bytes: [UInt8]) throws -> BlobReference { try store.write(bytes) }

    /// A snapshot, with the lineage of artifacts that were read as a whole.
    private func completed(_ snapshot: Lineage?) -> Lineage {
        guard var lineage = snapshot else { return self.lineage() }
        lineage.formUnion(ledger.withLock(\.wholes))
        return lineage
    }

    private func type(_ port: OutputPort) -> ArtifactType {
        guard let output = outputPorts.first(where: { $0.name == port.name }) else {
            preconditionFailure("\(stage) has no output `\(port)`.")
        }
        return output.type
    }

    private func set(_ port: OutputPort, _ manifest: Manifest) { ledger.withLock { $0.outputs[port.name] = manifest } }
}

/// The fitted sets of an output: those that the kind declares, plus those that always count. The latter are the sets of
/// the items and rows that an output row was made from (a leak in a first model must show in a second one), and the
/// training songs of models that were read. Rows that were not read do not count: of ten models that each predict every
/// song, only the one whose row was used matters.
private struct FittedSets {
    /// The sets that the indices refer to.
    private(set) var used: [Lineage] = []
    private let given: [Lineage]
    private let wholes: Lineage
    private let inputs: [(artifact: Artifact, read: Set<String>)]
    private var known: [[Int?]: Int?] = [:]
    /// Whether a given set contains an input's set entirely, by given set, input and input set.
    private var covered: [[Int]: Bool] = [:]

    init(_ given: [Lineage], context: StageContext) {
        self.given = given
        let (read, wholes) = context.ledger.withLock { ($0.readIDs, $0.wholes) }
        self.wholes = wholes
        inputs = context.inputs.sorted { $0.key < $1.key }.compactMap { _, artifact in
            read[artifact.hash].map { (artifact, $0) }
        }
    }

    /// The index for an id, nil where nothing was fitted.
    mutating func index(of id: String, base: Int?) -> Int? {
        var parts: [Int?] = [base]
        for (number, input) in inputs.enumerated() {
            guard input.read.contains(id) else {
                parts.append(nil)
                continue
            }
            let manifest = input.artifact.manifest
            let set = manifest.form == .collection ? manifest.entry(id)?.fitted : manifest.row(id)?.fitted
            parts.append(set.flatMap { isCovered($0, of: number, by: base) ? nil : $0 })
        }
        if let index = known[parts] { return index }
        var lineage = base.map { given[$0] } ?? Lineage()
        lineage.formUnion(wholes)
        for (input, index) in zip(inputs, parts.dropFirst()) {
            if let index { lineage.formUnion(input.artifact.manifest.fittedSets[index]) }
        }
        var index: Int?
        if !lineage.isEmpty {
            index = used.firstIndex(of: lineage) ?? used.count
            if index == used.count { used.append(lineage) }
        }
        known[parts] = .some(index)
        return index
    }

    /// Repeated cross-validation unites many sets for every song; sets that the given one contains are skipped.
    private mutating func isCovered(_ set: Int, of input: Int, by base: Int?) -> Bool {
        guard let base else { return false }
        if let answer = covered[[base, input, set]] { return answer }
        let answer = inputs[input].artifact.manifest.fittedSets[set].songs.isSubset(of: given[base].songs)
        covered[[base, input, set]] = answer
        return answer
    }
}
