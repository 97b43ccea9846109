import Foundation

/// The sources of uncertainty of a score, or of a difference of scores: which songs happen to be in the test set, and
/// which seeds were drawn. All components are variances of one metric.
///
/// With R replicates, song × seed is a two-way layout. `songs` is the jackknife variance over songs of the mean over
/// replicates; it contains the main effect of songs and 1/R of the interaction (one seed does well on song 7, another
/// on song 9). `seeds` is the variance between replicates on these songs; it contains the main effect of seeds and the
/// interaction.
public struct VarianceComponents: Sendable, Equatable, Codable {
    /// How many songs were scored.
    public let songCount: Int
    /// How many replicates there are.
    public let replicates: Int
    /// The variance of the mean over replicates from drawing other songs.
    public let songs: Double
    /// The variance of a single replicate on these songs from drawing another seed; nil (unknown, not zero) without
    /// replicates.
    public let seeds: Double?
    /// The song-by-seed part of `seeds`, which averages out over songs.
    public let interaction: Double

    /// - Parameters:
    ///   - values: [replicate], the metric on all songs.
    ///   - leftOut: [song][replicate], the metric without that song.
    init(values: [Double], leftOut: [[Double]]) {
        let n = Double(leftOut.count), r = Double(values.count)
        songCount = leftOut.count
        replicates = values.count
        // Jackknife: (n - 1) / n times the sum of squared deviations.
        func variance(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let jackknife = (n - 1) / n
        songs = jackknife * variance(leftOut.map { $0.reduce(0, +) / r })
        guard values.count > 1 else {
            seeds = nil
            interaction = 0
            return
        }
        let single =
            values.indices.reduce(0.0) { sum, index in sum + jackknife * variance(leftOut.map { $0[index] }) } / r
        interaction = max(0, (single - songs) * r / (r - 1))
        seeds = variance(values) / (r - 1)
    }

    /// The variance of the mean over replicates from drawing other songs and other seeds.
    public var total: Double { songs + seedMain / Double(replicates) }

    /// The main effect of seeds, without the part that `songs` already contains.
    private var seedMain: Double { seeds.map { max(0, $0 - interaction) } ?? 0 }

    /// Half the width of a confidence interval for the mean over replicates. Each component has its own Student
    /// quantile (Cochran 1964), with songs - 1 and replicates - 1 degrees of freedom: Satterthwaite's pooled degrees of
    /// freedom, and resampling of seeds, cover too little if a few seeds differ a lot.
    public func halfWidth(level: Double) -> Double {
        halfWidth(tail: (1 - level) / 2, own: songs, seeds: seedMain, count: replicates)
    }

    private func halfWidth(tail: Double, own: Double, seeds: Double, count: Int) -> Double {
        func square(_ degrees: Int, _ variance: Double) -> Double {
            if variance == 0 { return 0 }
            let quantile = StudentDistribution.quantile(tail, degrees: Double(degrees))
            return quantile * quantile * variance
        }
        return (square(songCount - 1, own) + square(count - 1, seeds / Double(count))).squareRoot()
    }

    /// Two-sided p-value of the mean against 0: the level at which the interval ends at 0.
    func p(of value: Double) -> Double {
        guard total > 0 else { return value == 0 ? 1 : 0 }
        let z = value.magnitude / total.squareRoot()
        let ends = [songCount, max(replicates, 2)].map {
            max(StudentDistribution.twoSided(z, degrees: Double($0 - 1)), 1e-300)
        }
        var low = log(ends.min() ?? 0), high = log(ends.max() ?? 0)
        for _ in 0..<40 where high - low > 1e-9 {
            let middle = 0.5 * (low + high)
            let half = halfWidth(tail: exp(middle) / 2, own: songs, seeds: seedMain, count: replicates)
            if half > value.magnitude { low = middle } else { high = middle }
        }
        return exp(0.5 * (low + high))
    }

    /// Half the width of a confidence interval over seeds alone, with the songs held fixed; nil without replicates.
    public func seedHalfWidth(level: Double) -> Double? {
        seeds.map {
            StudentDistribution.quantile((1 + level) / 2, degrees: Double(replicates - 1))
                * ($0 / Double(replicates)).squareRoot()
        }
    }

    /// What an interval of at most ± `resolution` would need.
    ///
    /// More seeds shrink only their own component; if there are too few songs, no number of seeds helps. A rough
    /// figure, since it is estimated from few replicates.
    public func budget(resolution: Double, level: Double) -> NoiseBudget {
        if seeds != nil, halfWidth(level: level) <= resolution { return .resolved }
        let own = max(0, songs - interaction / Double(replicates))
        let floor = seeds == nil ? songs : own
        let quantile = StudentDistribution.quantile((1 + level) / 2, degrees: Double(songCount - 1))
        let needed = Double(songCount) * quantile * quantile * floor / (resolution * resolution)
        if needed > Double(songCount) { return .songs(needed < 1e9 ? Int(needed.rounded(.up)) : 1_000_000_000) }
        guard let seeds else { return .replicates }
        let between = max(seeds, interaction)
        for count in (replicates + 1)...Self.mostSeeds
        where halfWidth(tail: (1 - level) / 2, own: own, seeds: between, count: count) <= resolution {
            return .seeds(count - replicates)
        }
        return .songs(songCount + 1)
    }

    private static let mostSeeds = 1000
}

/// What it takes to resolve a difference of a given size.
public enum NoiseBudget: Sendable, Equatable {
    /// The interval is already narrow enough.
    case resolved
    /// This many more replicates of each arm.
    case seeds(Int)
    /// About this many test songs in total; more seeds would not suffice.
    case songs(Int)
    /// Enough songs, but the variance between seeds is unknown with a single seed: run replicates.
    case replicates
}
