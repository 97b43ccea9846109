import ArgumentParser
import SentioLearn
import SentioReport

/// How arms are compared song by song.
struct ComparisonOptions: ParsableArguments {
    @Option(name: .long, help: "The arm that the others are compared with: its number, counting from 1, or its name.")
    var baseline = "1"

    @Option(name: .long, help: "The scoring stage; by default the last that all arms have.")
    var stage: String?

    @Option(
        name: .customLong("set"),
        help: "test, pooled (or out_of_fold) or validation; by default the first of these that is there.")
    var scoredSet: String?

    @Option(name: .long, help: "The measure of the verdicts: ccc, r2, rmse, pearson, mae or mse.")
    var metric = "ccc"

    @Option(name: .long, help: "The difference that one would want to see.")
    var resolution = 0.01

    @Option(name: .long, help: "How many of the songs that got better and worse to list.")
    var songs = 5

    @Option(
        name: .long, parsing: .singleValue, help: "A metadata column to group songs by; repeatable. Default: genre.")
    var by: [String] = []

    @Option(name: .long, help: "Resamples and permutations.")
    var resamples = Self.defaultResamples

    @Option(name: .long, help: "Seed of the resamples.")
    var seed = Self.defaultSeed

    private static let defaultResamples = 5000
    private static let defaultSeed: UInt64 = 0

    /// What a comparison without options takes: claims are judged by the numbers that `runs compare` prints.
    static var defaultStatistics: PairedComparison {
        get throws {
            try PairedComparison(resamples: defaultResamples, permutations: defaultResamples, seed: defaultSeed)
        }
    }

    func validate() throws {
        if Metric(rawValue: metric) == nil { throw ValidationError("\(ComparisonError.unknownMetric(metric))") }
        if !(resolution > 0 && resolution.isFinite) { throw ValidationError("--resolution is a number above 0.") }
        if !(1...1_000_000).contains(resamples) { throw ValidationError("--resamples is between 1 and 1000000.") }
        if songs < 0 { throw ValidationError("--songs is 0 or more.") }
    }

    var statistics: PairedComparison {
        get throws { try PairedComparison(resamples: resamples, permutations: resamples, seed: seed) }
    }

    /// The place of the baseline among the arms.
    func place(in labels: [String]) throws -> Int {
        if let index = labels.firstIndex(of: baseline) { return index }
        if let number = Int(baseline), labels.indices.contains(number - 1) { return number - 1 }
        throw ComparisonError.unknownArm(baseline, available: labels)
    }
}
