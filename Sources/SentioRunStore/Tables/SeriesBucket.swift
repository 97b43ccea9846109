/// A range of neighboring points of a series.
public struct SeriesBucket: Sendable, Equatable {
    /// Step of the first point.
    public var firstStep: Int
    /// Step of the last point.
    public var lastStep: Int
    /// Number of points that are not NaN.
    public var count: Int
    /// NaN if `count` is 0.
    public var minimum: Double
    /// NaN if `count` is 0.
    public var maximum: Double
    /// Mean of the points that are not NaN; NaN if `count` is 0.
    public var mean: Double
}

extension SeriesBucket {
    /// A bucket of one point.
    init(step: Int, value: Double) {
        self.init(
            firstStep: step, lastStep: step, count: value.isNaN ? 0 : 1, minimum: value, maximum: value, mean: value)
    }

    /// Merges a bucket that follows this one.
    mutating func append(_ next: SeriesBucket) {
        lastStep = next.lastStep
        guard next.count > 0 else { return }
        if count == 0 {
            (count, minimum, maximum, mean) = (next.count, next.minimum, next.maximum, next.mean)
            return
        }
        minimum = min(minimum, next.minimum)
        maximum = max(maximum, next.maximum)
        // Updated incrementally: sums of a million large values would lose digits.
        mean += (next.mean - mean) * (Double(next.count) / Double(count + next.count))
        count += next.count
    }
}

/// A series of one stage of one run, in a limited number of buckets.
public struct RunSeries: Sendable, Equatable {
    /// The id of the run.
    public var run: String
    /// The name of the stage.
    public var stage: String
    /// The name of the series.
    public var name: String
    /// Number of points that the buckets cover.
    public var points: Int
    /// The buckets in order of their steps.
    public var buckets: [SeriesBucket]

    /// Whether each bucket is one point.
    public var isExact: Bool { points == buckets.count }
}
