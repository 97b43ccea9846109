import Foundation

/// Where the uncertainty of a score, or of a difference of scores, comes from: which songs happened to be in the test,
/// and which seeds were drawn. All are variances of one metric.
///
/// With replicates, song × seed is a two-way layout: `songs` is the jackknife variance over songs of the mean over
/// replicates, which holds the songs' own part and 1/R of the interaction (one seed does song 7 well, another song 9);
/// `seeds` is the variance between replicates on these songs, which holds the seeds' own part and the interaction.
public struct VarianceComponents: Sendable, Equatable, Codable {
    public let songCount: Int
    public let replicates: Int
    /// Of the mean over replicates, from drawing other songs.
    public let songs: Double
    /// Of a single replicate on these songs, from drawing another seed; nil without replicates: unknown, not zero.
    public let seeds: Double?
    /// The part of `seeds` that is song by song, which other songs would average out.
    public let interaction: Double

    /// - parameter values: one a replicate.
    /// - parameter leftOut: [song][replicate], without the song.
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

    /// The variance of the mean over replicates, with other songs and other seeds.
    public var total: Double { songs + seedMain / Double(replicates) }

    /// Of the seeds themselves, without what `songs` holds already.
    private var seedMain: Double { seeds.map { max(0, $0 - interaction) } ?? 0 }

    /// Half the width of an interval for the mean over replicates: each part has Student's quantile of its own (Cochran
    /// 1964), songs - 1 and replicates - 1 degrees of freedom. Satterthwaite's joint degrees, and resampling seeds,
    /// hold too little where a few seeds differ much.
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

    /// Two-sided p of the mean against 0: the level at which the interval ends at 0.
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

    /// Half the width of an interval that only other seeds, on these very songs, are behind; nil without replicates.
    public func seedHalfWidth(level: Double) -> Double? {
        seeds.map {
            StudentDistribution.quantile((1 + level) / 2, degrees: Double(replicates - 1))
                * ($0 / Double(replicates)).squareRoot()
        }
    }

    /// What it would take for an interval of at most ± `resolution`.
    ///
    /// Seeds shrink only their own part: where the songs alone are too few, no number of seeds helps. Estimated from
    /// few replicates, so "about".
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

/// What a difference of a given size asks for.
public enum NoiseBudget: Sendable, Equatable {
    /// The interval is narrow enough as it is.
    case resolved
    /// So many more replicates of each arm.
    case seeds(Int)
    /// About so many test songs in all; more seeds would not do.
    case songs(Int)
    /// The songs would do, but with one seed nobody knows what seeds do: run replicates.
    case replicates
}
