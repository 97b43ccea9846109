package import SentioKit
import SentioNumerics

/// Summarizes the embeddings of a song's patches in one vector, for ridge, SVR and trees: `.npy` float64; attribute
/// `columns` names them `part.statistic.number`, with tag names for `tags`.
///
/// Much cheaper than `embed`, which stays cached when parts or statistics change. Deterministic.
package struct EmbeddingFeaturesStage: ItemwiseStage {
    package static let kind = "embedding-features"
    package static let version = 1
    package static let summary =
        "Summarizes the embeddings of a song's patches in one vector: mean, standard deviation, minimum or maximum."

    /// Over a song's patches.
    enum Statistic: String, ParameterChoice {
        case mean
        /// The population standard deviation; 0 for a single patch.
        case std
        case min, max

        func of(_ values: [Float], rows: Int, column: Int) -> Double {
            let width = values.count / rows
            let column = (0..<rows).lazy.map { Double(values[$0 * width + column]) }
            switch self {
            case .mean: return column.reduce(0, +) / Double(rows)
            case .std:
                let mean = column.reduce(0, +) / Double(rows)
                return (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
            case .min: return column.min() ?? 0
            case .max: return column.max() ?? 0
            }
        }
    }

    static let parts = Parameter<[String]>(
        "parts", default: [],
        "Parts of the embeddings to use (musicnn: penultimate, mean_pool, max_pool, tags); empty: all.")
    static let statistics = Parameter<[Statistic]>(
        "statistics", default: [.mean], "Statistics to compute over a song's patches.")

    package static let parameters: [any ParameterDefinition] = [parts, statistics]
    static let embeddings = InputPort("embeddings", .embeddings, "From `embed`.")
    package static let inputs = [embeddings]
    static let features = OutputPort("features", .features, "One vector per song.")
    package static let outputs = [features]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let statistics = configuration[Self.statistics], wanted = configuration[Self.parts]
        guard !statistics.isEmpty, Set(statistics).count == statistics.count else {
            throw ConfigurationErrors("statistics", "name at least one, and none twice.")
        }
        guard Set(wanted).count == wanted.count else { throw ConfigurationErrors("parts", "a part is named twice.") }
    }

    /// The requested parts in the order in which they were named, or all.
    private func chosen(_ attributes: [String: Value]?) throws -> [(part: Encoder.Part, places: Range<Int>)] {
        try Encoder.parts(attributes, port: Self.embeddings, named: configuration[Self.parts])
    }

    package func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker {
        Worker(
            places: try chosen(shared.attributes[Self.embeddings]).map(\.places),
            statistics: configuration[Self.statistics])
    }

    package func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] {
        let tags = inputs[Self.embeddings]?["tags"]?.list?.compactMap(\.string) ?? []
        let columns = try chosen(inputs[Self.embeddings]).flatMap { part, places in
            configuration[Self.statistics].flatMap { statistic in
                (0..<places.count).map { number in
                    let name = part.name == "tags" && tags.count == part.size ? tags[number] : String(number)
                    return "\(part.name).\(statistic.rawValue).\(name)"
                }
            }
        }
        return ["columns": .list(columns.map(Value.string))]
    }

    private final class Worker: ItemWorker {
        let places: [Range<Int>]
        let statistics: [Statistic]

        init(places: [Range<Int>], statistics: [Statistic]) { (self.places, self.statistics) = (places, statistics) }

        func process(_ item: Item) throws -> [UInt8] {
            let array = try NpyFile.read(item.bytes(embeddings))
            guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] >= places.map(\.upperBound).max() ?? 0
            else {
                throw StageFailure("An embedding has the shape [patches, values], not \(array.shape).")
            }
            let values = array.floats, rows = array.shape[0]
            let vector = places.flatMap { places in
                statistics.flatMap { statistic in places.map { statistic.of(values, rows: rows, column: $0) } }
            }
            return NpyFile.write(NpyArray(vector, shape: [vector.count]))
        }
    }
}
