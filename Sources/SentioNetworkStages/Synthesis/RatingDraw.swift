import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// The ratings requested for samples, on the scale -1...1.
enum RatingDraw: Sendable {
    case uniform(low: [Double], high: [Double])
    /// Steps of each dimension from low to high, ends included; candidates cycle through the cells.
    case grid(low: [Double], high: [Double], side: Int)
    /// Ratings of songs with normal jitter, kept within -1...1.
    case near(songs: [[Double]], jitter: Double)

    /// - parameter candidate: its number; `random` is its own generator.
    func ratings(_ candidate: Int, _ random: inout Philox) -> [Double] {
        switch self {
        case .uniform(let low, let high): return zip(low, high).map { $0 + ($1 - $0) * random.nextDouble() }
        case .grid(let low, let high, let side):
            var rest = candidate
            return zip(low, high).map { low, high in
                defer { rest /= side }
                return low + (high - low) * Double(rest % side) / Double(side - 1)
            }
        case .near(let songs, let jitter):
            return songs[random.nextInt(below: songs.count)].map { min(1, max(-1, $0 + jitter * random.nextNormal())) }
        }
    }

    /// Mean and standard deviation of each dimension.
    var moments: [(mean: Double, deviation: Double)] {
        switch self {
        case .uniform(let low, let high): zip(low, high).map { (($0 + $1) / 2, ($1 - $0) / 12.0.squareRoot()) }
        case .grid(let low, let high, let side):
            zip(low, high).map { low, high in
                let steps = Double(side)
                return ((low + high) / 2, (high - low) * ((steps + 1) / (12 * (steps - 1))).squareRoot())
            }
        case .near(let songs, let jitter):
            (songs.first ?? []).indices.map { column in
                let count = Double(songs.count), mean = songs.reduce(0) { $0 + $1[column] } / count
                let square = songs.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
                return (mean, (square + jitter * jitter).squareRoot())
            }
        }
    }

    /// The label of an item made for `requested` ratings: as widely spread, but correlated with them by `certainty`
    /// only. Kept within -1...1.
    func label(for requested: [Double], certainty: Double, _ random: inout Philox) -> [Double] {
        let noise = (1 - certainty * certainty).squareRoot()
        return zip(requested, moments).map { rating, moments in
            let label =
                moments.mean + certainty * (rating - moments.mean) + noise * moments.deviation * random.nextNormal()
            return min(1, max(-1, label))
        }
    }

    /// - throws: `StageFailure` for a range outside the scale, or missing ratings.
    init(_ configuration: Configuration, _ context: StageContext, _ model: GeneratorModel) throws {
        let scale = model.scale
        func scaled(_ ratings: [Double]) -> [Double] { ratings.map { ($0 - scale.center) / scale.halfRange } }
        guard configuration[SynthesizeStage.ratings] == .near else {
            var (low, high) = (model.low, model.high)
            if let range = configuration[SynthesizeStage.range] {
                guard model.bounds.contains(range[0]), model.bounds.contains(range[1]) else {
                    throw StageFailure(
                        "`range` \(NumberText.short(range[0])) to \(NumberText.short(range[1])) exceeds the scale that "
                            + "the generator was trained on, \(NumberText.short(model.bounds.lowerBound)) to "
                            + "\(NumberText.short(model.bounds.upperBound)). Narrow it."
                    )
                }
                (low, high) = (low.map { _ in range[0] }, high.map { _ in range[1] })
                let beyond = model.dimensions.indices.filter { range[0] < model.low[$0] || range[1] > model.high[$0] }
                if let worst = beyond.first {
                    context.services.warn(
                        "The generator learned \(model.dimensions[worst]) from \(NumberText.three(model.low[worst])) "
                            + "to \(NumberText.three(model.high[worst])); samples for ratings beyond that are "
                            + "extrapolated."
                    )
                }
            }
            self =
                configuration[SynthesizeStage.ratings] == .grid
                ? .grid(low: scaled(low), high: scaled(high), side: configuration[SynthesizeStage.side])
                : .uniform(low: scaled(low), high: scaled(high))
            return
        }
        guard context.isConnected(SynthesizeStage.labels), context.isConnected(SynthesizeStage.split) else {
            throw StageFailure(
                "`labels: near` draws ratings near those of training songs; connect `labels` and `split`.")
        }
        let labels = try context.table(SynthesizeStage.labels)
        let split = try SplitTable(try context.table(SynthesizeStage.split))
        let songs = split.songs(in: [.train]).filter { labels.contains($0) }
        guard !songs.isEmpty else { throw StageFailure("The split leaves no training song with ratings to draw from.") }
        let matrix = try labels.matrix(for: songs, columns: model.dimensions)
        self = .near(
            songs: songs.indices.map { scaled(Array(matrix.row($0))) }, jitter: configuration[SynthesizeStage.jitter])
    }
}
