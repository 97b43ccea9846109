import SentioBase
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Compares synthetic items with real songs in a pretrained network's space: Fréchet distance, diversity and coverage,
/// each beside the same for two disjoint halves of the real songs.
///
/// Each item is one vector, the values of `part` for its middle patch. Both collections must come to `embed` in the
/// same way, for example both through `sonify`, so that what the inversion does to sound cancels. With few items a
/// Fréchet distance is too large even between sets of one distribution; therefore all comparisons are between equal
/// numbers of items, and the distance of the halves is the bias at that number. With `split`, only training songs are
/// read. Output `distance`: JSON. Throws `StageFailure`. Deterministic.
package struct FrechetDistanceStage: Stage {
    package static let kind = "frechet-distance"
    package static let version = 1
    package static let summary =
        "Compares synthetic items with real songs in a pretrained network's space: Fréchet distance and coverage."

    /// The estimate of each set's covariance.
    struct Covariance: ParameterChoice {
        static let allCases: [Covariance] = CovarianceEstimate.Method.allCases.map { Covariance(method: $0) }
        let method: CovarianceEstimate.Method

        init(method: CovarianceEstimate.Method) { self.method = method }

        init?(rawValue: String) {
            guard let method = CovarianceEstimate.Method(rawValue: rawValue) else { return nil }
            self.method = method
        }

        var rawValue: String { method.rawValue }
    }

    static let part = Parameter<String?>(
        "part", default: .some(nil),
        "Part of the embeddings to compare; null: the first, which is the last layer before the output "
            + "(`penultimate` of musicnn).")
    static let covariance = Parameter(
        "covariance", default: Covariance(method: .ledoitWolf),
        "Covariance estimate: ledoit-wolf, shrunk, for fewer songs than dimensions; or sample, as published Fréchet "
            + "distances use.",
        source: "Ledoit and Wolf 2004")
    static let draws = Parameter(
        "draws", default: 10, in: 1...1000, "Random draws of halves and of synthetic items; results are their means.")
    static let neighbors = Parameter(
        "neighbors", default: 5, in: 1...1000,
        "For coverage and density: a song's neighborhood reaches to this nearest of the other songs.",
        source: "Naeem et al. 2020")
    static let seed = Parameter("seed", default: 0, "Seed of the draws.")
    package static let parameters: [any ParameterDefinition] = [part, covariance, draws, neighbors, seed]

    static let synthetic = InputPort("synthetic", .embeddings, "Embeddings of the synthetic items.")
    static let real = InputPort(
        "real", .embeddings, "Embeddings of real songs that took the same path as the synthetic items.")
    static let split = InputPort(
        "split", .split, isRequired: false, "Which songs to compare with: those to train on; without it, all.")
    package static let inputs = [synthetic, real, split]
    static let distance = OutputPort(
        "distance", ArtifactType("frechet-distance", form: .files), "JSON: all metrics.")
    package static let outputs = [distance]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        Workload(["draws": Double(configuration[Self.draws])])
    }

    package func run(_ context: StageContext) throws {
        let real = context.collection(Self.real), synthetic = context.collection(Self.synthetic)
        let songs = try trainingSongs(context).map { ids in ids.filter { real.contains($0) } } ?? real.ids
        let part = try sharedPart(real, synthetic)
        let references = try vectors(real, songs, part.places),
            made = try vectors(synthetic, synthetic.ids, part.places)
        let count = min(references.rows / 2, made.rows), neighbors = configuration[Self.neighbors]
        guard count > neighbors else {
            throw StageFailure(
                "\(IDList.songs(references.rows)) and \(made.rows) synthetic items are too few: halves of the songs, "
                    + "and as many synthetic items, must have more than `neighbors`, \(neighbors)."
            )
        }
        let comparison = EmbeddingComparison(
            references: references, made: made, count: count, neighbors: neighbors,
            method: configuration[Self.covariance].method)
        var draws: [[String: Double]] = []
        for draw in 0..<configuration[Self.draws] {
            try context.checkCancelled()
            draws.append(try comparison.measure(seed: configuration[Self.seed], draw: draw))
        }
        try write(context, EmbeddingComparison.means(of: draws), part: part.part, count: count)
    }

    // MARK: What is compared

    private func trainingSongs(_ context: StageContext) throws -> [String]? {
        guard context.isConnected(Self.split) else { return nil }
        return try SplitTable(try context.table(Self.split)).songs(in: [.train])
    }

    /// The part that both collections have in the same place.
    private func sharedPart(_ real: InputCollection, _ synthetic: InputCollection) throws -> (
        part: Encoder.Part, places: Range<Int>
    ) {
        let wanted = configuration[Self.part].map { [$0] } ?? []
        let parts = try Encoder.parts(real.attributes, port: Self.real, named: wanted)
        let others = try Encoder.parts(synthetic.attributes, port: Self.synthetic, named: wanted)
        guard parts[0].part == others[0].part, parts[0].places == others[0].places,
            real.attributes["architecture"] == synthetic.attributes["architecture"]
        else {
            throw StageFailure(
                "The embeddings on `\(Self.real)` and `\(Self.synthetic)` come from different networks, so there is no "
                    + "distance between them. Connect the same `pretrained` stage to both `embed` stages."
            )
        }
        return parts[0]
    }

    /// Items x values: the middle patch of each.
    private func vectors(_ collection: InputCollection, _ ids: [String], _ places: Range<Int>) throws -> Matrix {
        let rows = try ids.map { id in
            let array = try NpyFile.read(collection.read(id))
            guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] >= places.upperBound else {
                throw StageFailure(
                    "The embedding of \(id) on `\(collection.port)` has the shape \(array.shape); [patches, values] is "
                        + "needed, with at least \(places.upperBound) values."
                )
            }
            let start = array.shape[0] / 2 * array.shape[1]
            return array.floats[start + places.lowerBound..<start + places.upperBound].map { Double($0) }
        }
        return Matrix(rows)
    }

    // MARK: What is said

    private func write(_ context: StageContext, _ found: [String: Double], part: Encoder.Part, count: Int) throws {
        for (name, value) in found.sorted(by: { $0.key < $1.key }) { context.services.metric(name, value) }
        func number(_ name: String) -> String { NumberText.three(found[name] ?? 0) }
        context.services.log(
            "Fréchet distance (\(part.name), \(part.size) dimensions) of \(count) synthetic items from \(count) songs: "
                + "\(number("frechet.synthetic")); of \(count) other songs, which is the bias at this number: "
                + "\(number("frechet.real")). Coverage \(number("coverage.synthetic")) (other songs "
                + "\(number("coverage.real"))), diversity \(number("diversity"))."
        )
        if configuration[Self.covariance].method == .sample, count <= part.size {
            context.services.warn(
                "\(count) items in \(part.size) dimensions: the sample covariance is singular and the distance mostly "
                    + "bias. Compare more songs, or set `covariance: ledoit-wolf`."
            )
        }
        let figures = found.mapValues { Value.double($0) }.merging([
            "part": .string(part.name), "dimensions": .int(part.size), "items": .int(count),
        ]) { $1 }
        try context.write(Self.distance, file: "distance.json", Array((JSON.pretty(.map(figures)) + "\n").utf8))
    }
}
