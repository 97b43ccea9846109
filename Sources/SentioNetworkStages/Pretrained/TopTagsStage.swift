import Foundation
import SentioBase
package import SentioKit
import SentioNumerics
import SentioSongStages

/// The tags to which a pretrained network gives the highest probability in each song.
///
/// The probability of a tag is the mean over the song's patches of the logistic function of the network's output. Tags
/// are independent of each other: their probabilities do not sum to 1. Output: song_id, then `tag_1`, `probability_1`
/// (four decimals), `tag_2`… in descending order, ties in the network's order. Throws `StageFailure` for embeddings
/// without tags. Deterministic.
package struct TopTagsStage: Stage {
    package static let kind = "top-tags"
    package static let version = 1
    package static let summary = "Lists the tags that a pretrained network finds most probable in each song."

    static let count = Parameter(
        "count", default: 5, in: 1...1000, "Number of tags per song; at most as many as the network knows.",
        unit: "tags")

    package static let parameters: [any ParameterDefinition] = [count]
    static let embeddings = InputPort("embeddings", .embeddings, "From `embed`, of a network with tags.")
    package static let inputs = [embeddings]
    static let tags = OutputPort("tags", .songTags, "The most probable tags of each song with their probabilities.")
    package static let outputs = [tags]
    package static let application = Application.again

    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.embeddings]) }

    package func run(_ context: StageContext) throws {
        let collection = context.collection(Self.embeddings)
        let (part, places) = try Encoder.parts(collection.attributes, port: Self.embeddings, named: ["tags"])[0]
        let names = collection.attributes["tags"]?.list?.compactMap(\.string) ?? []
        guard names.count == part.size else {
            throw StageFailure(
                "The attribute `tags` of the collection on `\(Self.embeddings)` must name \(part.size) tags, but it "
                    + "names \(names.count). Use weights from `sentio-pipeline models get`, which contain the names."
            )
        }
        let count = min(configuration[Self.count], names.count)
        let rows = try collection.ids.map { id in
            let probabilities = try Self.probabilities(try collection.read(id), at: places, song: id)
            let order = probabilities.indices.sorted {
                (probabilities[$1], $0) < (probabilities[$0], $1)
            }
            return [id]
                + order.prefix(count).flatMap { [names[$0], NumberText.fixed(probabilities[$0], 4)] }
        }
        let columns = ["song_id"] + (1...count).flatMap { ["tag_\($0)", "probability_\($0)"] }
        try context.writeTable(Self.tags, Table(columns: columns, rows: rows), fitted: Lineage())
        context.services.metric("songs", Double(rows.count))
        context.services.metric("tags", Double(Set(rows.map { $0[1] }).count))
        context.services.log(Self.mostFrequent(rows.map { $0[1] }))
    }

    /// Means over patches of the logistic function of some values.
    /// - throws: `NpyError`, `StageFailure` for another shape.
    private static func probabilities(_ bytes: [UInt8], at places: Range<Int>, song: String) throws -> [Double] {
        let array = try NpyFile.read(bytes)
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] >= places.upperBound else {
            throw StageFailure(
                "The embedding of song \(song) on `\(embeddings)` has the shape \(array.shape), not [patches, values] "
                    + "with at least \(places.upperBound) values.")
        }
        let (patches, width, values) = (array.shape[0], array.shape[1], array.floats)
        return places.map { place in
            let sum = (0..<patches).reduce(0.0) { $0 + 1 / (1 + exp(-Double(values[$1 * width + place]))) }
            return sum / Double(patches)
        }
    }

    /// The most frequent first tags, for the log.
    private static func mostFrequent(_ first: [String]) -> String {
        let counts = first.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return "most frequent first tags: "
            + order.prefix(5).map { "\($0.key) (\(IDList.songs($0.value)))" }.joined(separator: ", ")
    }
}
