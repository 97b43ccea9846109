import Foundation

/// McNemar's exact test (1947): whether two classifiers are right equally often on the same songs. Only songs on which
/// exactly one of them is right count; under the null hypothesis, either is equally likely to be that one.
public struct McNemarTest: Sendable, Equatable {
    /// Songs on which only the first classifier is right.
    public let onlyFirst: Int
    /// Songs on which only the second classifier is right.
    public let onlySecond: Int
    /// Two-sided p, the exact binomial one; 1 if no song tells the two apart.
    public let p: Double

    /// - Precondition: both have the same songs in the same order.
    public init(_ first: ClassPredictions, _ second: ClassPredictions) {
        precondition(first.truth == second.truth, "Both classifiers need the same songs.")
        var only = (first: 0, second: 0)
        for song in first.truth.indices {
            let isRight = (first.predicted[song] == first.truth[song], second.predicted[song] == second.truth[song])
            if isRight.0, !isRight.1 { only.first += 1 }
            if isRight.1, !isRight.0 { only.second += 1 }
        }
        self.init(onlyFirst: only.first, onlySecond: only.second)
    }

    init(onlyFirst: Int, onlySecond: Int) {
        (self.onlyFirst, self.onlySecond) = (onlyFirst, onlySecond)
        let count = onlyFirst + onlySecond, less = min(onlyFirst, onlySecond)
        // Logarithms, because 2^count overflows for many songs.
        let whole = Double(count) * log(2)
        let tail = (0...less).reduce(0.0) { sum, successes in
            let ways =
                lgamma(Double(count) + 1) - lgamma(Double(successes) + 1) - lgamma(Double(count - successes) + 1)
            return sum + exp(ways - whole)
        }
        p = min(1, 2 * tail)
    }
}
