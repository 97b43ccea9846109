import Synchronization

extension StageContext {
    /// Writes an output of one file.
    /// - parameter lineage: what it has seen; by default every song the stage has read up to now.
    public func write(_ port: String, file: String, _ bytes: [UInt8], lineage: Lineage? = nil, attributes: [String: Value] = [:]) throws {
        try writeFiles(port, [(file, try store.write(bytes))], lineage: lineage, attributes: attributes)
    }

    /// Writes an output of several files that are already in the store.
    public func writeFiles(
        _ port: String, _ files: [(name: String, blob: BlobReference)], lineage: Lineage? = nil, attributes: [String: Value] = [:]
    ) throws {
        let entries = files.map { Manifest.Entry(id: $0.name, file: $0.name, blob: $0.blob) }
        set(port, Manifest(type: type(port), attributes: attributes, entries: entries, lineage: lineage ?? self.lineage()))
    }

    /// Stores the content of a file of the temporary folder or the user's folder.
    public func store(contentsOf path: String) throws -> BlobReference { try store.write(contentsOf: path) }

    /// Writes an output table. Rows belong to songs by the column `song_id`.
    /// - parameter fitted: the songs that what made the rows was fitted on; by default every song the stage has read.
    ///   For rows of different models (out-of-fold predictions) see the closure of the same name.
    /// - parameter sources: the original songs of ids that no input knows.
    /// - precondition: the table has a column `song_id` and no id twice.
    public func writeTable(
        _ port: String, _ table: Table, fitted: Lineage? = nil, sources: [String: [ContentHash]] = [:], attributes: [String: Value] = [:]
    ) throws {
        let fitted = fitted ?? lineage()
        try writeTable(
            port, table, fittedSets: fitted.isEmpty ? [] : [fitted], fittedSet: { _ in fitted.isEmpty ? nil : 0 }, sources: sources,
            attributes: attributes)
    }

    /// Writes an output table whose rows come from different fitted models.
    /// - parameter fittedSet: the index into `fittedSets` for a row's id.
    public func writeTable(
        _ port: String, _ table: Table, fittedSets: [Lineage], fittedSet: (String) -> Int?, sources: [String: [ContentHash]] = [:],
        attributes: [String: Value] = [:]
    ) throws {
        guard let column = table.column("song_id") else { preconditionFailure("A table of songs needs a column `song_id`.") }
        let rows = table.rows.map { row in
            let id = row[column]
            return Manifest.Row(id: id, sources: sources[id] ?? self.sources(of: id) ?? [], fitted: fittedSet(id))
        }
        precondition(Set(rows.map(\.id)).count == rows.count, "A song stands twice in the table written to `\(port)`.")
        let blob = try store.write(Array(table.csv.utf8))
        let entry = Manifest.Entry(id: "table", file: "\(port).csv", blob: blob)
        set(port, Manifest(type: type(port), attributes: attributes, entries: [entry], rows: rows, fittedSets: fittedSets))
    }

    /// Writes an output collection whose blobs are already in the store, or are source files.
    public func writeCollection(_ port: String, _ entries: [Manifest.Entry], fittedSets: [Lineage] = [], attributes: [String: Value] = [:])
        throws
    {
        set(port, Manifest(type: type(port), attributes: attributes, entries: entries, fittedSets: fittedSets))
    }

    /// Stores bytes for an entry of `writeCollection`.
    public func store(_ bytes: [UInt8]) throws -> BlobReference { try store.write(bytes) }

    private func type(_ port: String) -> ArtifactType {
        guard let output = outputPorts.first(where: { $0.name == port }) else { preconditionFailure("\(stage) has no output `\(port)`.") }
        return output.type
    }

    private func set(_ port: String, _ manifest: Manifest) { ledger.withLock { $0.outputs[port] = manifest } }
}
