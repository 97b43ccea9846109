package import SentioKit
import SentioNumerics

/// Concatenates features from several stages, one row per song: handcrafted ones and embeddings, for example.
///
/// Inputs may have any names; their columns follow each other in byte order of these names. Songs that are not in every
/// input are left out with a warning. Throws `StageFailure` for a column that is in two inputs. Deterministic.
package struct JoinFeaturesStage: Stage {
    package static let kind = "join-features"
    package static let version = 1
    package static let summary = "Concatenates the features of several stages, song by song."
    package static let notation = StageNotation(furtherInputs: .of([.features, .featureTable]))

    package static let parameters: [any ParameterDefinition] = []
    package static let inputs: [InputPort] = []
    static let features = OutputPort("features", .featureTable, "All columns, for the songs that are in every input.")
    package static let outputs = [features]
    package static let application = Application.again

    package init(_ configuration: Configuration) {}

    package func run(_ context: StageContext) throws {
        let ports = context.connectedInputs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        guard let first = ports.first else {
            throw StageFailure(
                "There is nothing to join: name features under `in:` of \(context.stage), such as `{ own: table, "
                    + "heard: heard }`."
            )
        }
        let tables = try ports.map { (port: $0, table: try FeatureTable(context, $0)) }
        var owner: [String: InputPort] = [:]
        for (port, table) in tables {
            for column in table.columns {
                if let other = owner.updateValue(port, forKey: column) {
                    throw StageFailure(
                        "The feature `\(column)` is in both `\(other)` and `\(port)` of \(context.stage). Leave it out "
                            + "of one of them."
                    )
                }
            }
        }
        let songs = tables[0].table.ids.filter { id in tables.allSatisfy { $0.table.contains(id) } }
        for (port, table) in tables {
            let absent = table.ids.filter { id in !tables.allSatisfy { $0.table.contains(id) } }
            if !absent.isEmpty {
                context.services.warn(
                    "\(IDList.songs(absent.count)) of `\(port)` \(absent.count == 1 ? "is" : "are") not in every input "
                        + "and \(absent.count == 1 ? "is" : "are") left out: \(IDList.text(absent))."
                )
            }
        }
        guard !songs.isEmpty else {
            throw StageFailure(
                "No song is in every input: \(ports.map(\.name).joined(separator: ", ")) (\(first) has "
                    + "\(IDList.songs(tables[0].table.ids.count)))."
            )
        }
        let parts = try tables.map { try $0.table.read(songs) }, columns = tables.flatMap(\.table.columns)
        var values: [Double] = []
        values.reserveCapacity(songs.count * columns.count)
        for row in songs.indices {
            for part in parts { values += part.values[(row * part.columns)..<((row + 1) * part.columns)] }
        }
        try context.writeNumbers(
            Self.features, NumberTable(columns: columns, ids: songs, values: values), fitted: Lineage())
        context.services.metric("songs", Double(songs.count))
        context.services.metric("features", Double(columns.count))
    }
}
