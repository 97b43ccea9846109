/// A table of numbers on an input port.
public struct InputNumbers: Sendable {
    let context: StageContext
    /// The port it was read from.
    public let port: InputPort
    private let table: NumberTable
    private let position: [String: Int]

    init(context: StageContext, port: InputPort) throws {
        self.context = context
        self.port = port
        do {
            table = try NumberTableReader.read(try context.tableBytes(port))
        } catch let error as NumberTableError {
            throw StageFailure("The table on `\(port)` of \(context.stage) cannot be read: \(error).")
        }
        position = Dictionary(
            table.ids.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The attributes of the artifact.
    public var attributes: [String: Value] { context.artifact(port).manifest.attributes }
    /// Names of the numbers, without `song_id`.
    public var columns: [String] { table.columns }
    /// Ids in the order of the table. Knowing an id is not reading a song.
    public var ids: [String] { table.ids }
    /// Whether the table has a row for a song.
    public func contains(_ id: String) -> Bool { position[id] != nil }

    /// The numbers of the given songs, row after row, NaN where missing; the songs enter the stage's ledger.
    /// - Throws: `StageFailure` for a song that the table lacks.
    public func values(for ids: [String]) throws -> [Double] {
        let artifact = context.artifact(port)
        var values: [Double] = []
        values.reserveCapacity(ids.count * columns.count)
        for id in ids {
            guard let index = position[id] else {
                throw StageFailure("The table on `\(port)` of \(context.stage) has no song `\(id)`.")
            }
            if let row = artifact.manifest.row(id) {
                context.saw(row.sources, fitted: row.fitted, id: id, of: artifact)
            }
            values += table.row(index)
        }
        return values
    }
}
