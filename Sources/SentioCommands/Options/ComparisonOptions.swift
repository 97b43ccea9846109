import ArgumentParser
import SentioLearn
import SentioReport

/// Options of a song-by-song comparison.
struct ComparisonOptions: ParsableArguments {
    @Option(name: .long, help: "The arm to compare the others with: its number, starting at 1, or its name.")
    var baseline = "1"

    @Option(name: .long, help: "The scoring stage. Default: the headline's, else the last one that all arms have.")
    var stage: String?

    @Option(
        name: .customLong("set"),
        help: "test, pooled (or out_of_fold) or validation. Default: the first of these that exists.")
    var scoredSet: String?

    @Option(name: .long, help: "Metric of the verdicts: ccc, r2, rmse, pearson, mae or mse.")
    var metric = "ccc"

    @Option(name: .long, help: "The smallest difference worth detecting.")
    var resolution = 0.01

    @Option(name: .long, help: "Number of improved and of worsened songs to list.")
    var songs = 5

    @Option(
        name: .long, parsing: .singleValue, help: "Metadata column to group songs by; repeatable. Default: genre.")
    var by: [String] = []

    @Option(name: .long, help: "Number of resamples and permutations.")
    var resamples = Self.defaultResamples

    @Option(name: .long, help: "Seed of the resampling.")
    var seed = Self.defaultSeed

    private static let defaultResamples = 5000
    private static let defaultSeed: UInt64 = 0

    /// The statistics of a comparison with default options, which claims use too, so that they agree with what `runs
    /// compare` prints.
    static var defaultStatistics: PairedComparison {
        get throws {
            try PairedComparison(resamples: defaultResamples, permutations: defaultResamples, seed: defaultSeed)
        }
    }

    func validate() throws {
        if Metric(rawValue: metric) == nil { throw ValidationError("\(ComparisonError.unknownMetric(metric))") }
        if !(resolution > 0 && resolution.isFinite) { throw ValidationError("--resolution must be greater than 0.") }
        if !(1...1_000_000).contains(resamples) { throw ValidationError("--resamples must be between 1 and 1000000.") }
        if songs < 0 { throw ValidationError("--songs must be 0 or more.") }
    }

    var statistics: PairedComparison {
        get throws { try PairedComparison(resamples: resamples, permutations: resamples, seed: seed) }
    }

    /// Index of the baseline among the arms.
    func place(in labels: [String]) throws -> Int {
        if let index = labels.firstIndex(of: baseline) { return index }
        if let number = Int(baseline), labels.indices.contains(number - 1) { return number - 1 }
        throw ComparisonError.unknownArm(baseline, available: labels)
    }
}
