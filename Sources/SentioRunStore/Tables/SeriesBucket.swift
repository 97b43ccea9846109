/// Neighbouring points of a series, as one.
public struct SeriesBucket: Sendable, Equatable {
    public var firstStep: Int
    public var lastStep: Int
    /// How many of its points are numbers (NaN is none).
    public var count: Int
    /// NaN where no point is a number.
    public var minimum: Double
    public var maximum: Double
    public var mean: Double

    public init(firstStep: Int, lastStep: Int, count: Int, minimum: Double, maximum: Double, mean: Double) {
        self.firstStep = firstStep
        self.lastStep = lastStep
        self.count = count
        self.minimum = minimum
        self.maximum = maximum
        self.mean = mean
    }

    /// A bucket of one point.
    init(step: Int, value: Double) {
        self.init(
            firstStep: step, lastStep: step, count: value.isNaN ? 0 : 1, minimum: value, maximum: value, mean: value)
    }

    /// Takes in a bucket that comes after this one.
    mutating func append(_ next: SeriesBucket) {
        lastStep = next.lastStep
        guard next.count > 0 else { return }
        if count == 0 {
            (count, minimum, maximum, mean) = (next.count, next.minimum, next.maximum, next.mean)
            return
        }
        minimum = min(minimum, next.minimum)
        maximum = max(maximum, next.maximum)
        // The mean moves by its share of the difference: sums of a million large values would lose digits.
        mean += (next.mean - mean) * (Double(next.count) / Double(count + next.count))
        count += next.count
    }
}

/// A series of one run's stage, in no more buckets than were asked for.
public struct RunSeries: Sendable, Equatable {
    public var run: String
    public var stage: String
    public var name: String
    /// Points behind the buckets.
    public var points: Int
    /// In order of their steps.
    public var buckets: [SeriesBucket]

    /// Whether each bucket is one point.
    public var isExact: Bool { points == buckets.count }
}
