import SentioKit
public import SentioLearn

/// A dose–response in one sentence.
public enum DoseSentence {
    /// The finding, short enough for the title of a chart. A gain over the lowest dose is claimed only beyond noise.
    static func headline(_ response: DoseResponse, dimension: String, parameter: String) -> String {
        let metric = response.metric.title, best = response.points[response.best], first = response.points[0]
        let mark =
            "\(extreme(response)) at \(Numerals.short(best.dose)), \(Numerals.fixed(best.score.estimate, 3))"
        let data = sample(response)
        if response.points.allSatisfy(\.isWithinNoise) {
            return "\(dimension) \(metric): no \(parameter) is better than another beyond noise (\(mark); \(data))."
        }
        if response.best == 0 {
            let close = response.points.count { $0.isWithinNoise && $0.dose != first.dose }
            return "\(dimension) \(metric): no \(parameter) above \(Numerals.short(first.dose)) is better (\(mark)); "
                + (close > 0 ? "\(close) of \(response.points.count - 1) are within noise of it." : "all are worse.")
        }
        if first.isWithinNoise {
            return
                "\(dimension) \(metric): no \(parameter) is better than \(Numerals.short(first.dose)) beyond noise "
                + "(\(mark); \(data))."
        }
        let gain =
            first.fromBest.map {
                ", \(Numerals.fixed($0.interval.estimate.magnitude, 3)) better than at \(Numerals.short(first.dose))"
            }
            ?? ""
        return
            "\(dimension) \(metric) is best at \(parameter) \(Numerals.short(best.dose)) "
            + "(\(Numerals.fixed(best.score.estimate, 3)))\(gain)."
    }

    /// The full sentence: best dose with its interval, plausible range of the best dose, plateau, gain over the lowest
    /// dose.
    /// - Parameters:
    ///   - dimension: `arousal`.
    ///   - parameter: the swept parameter, such as `ratio`.
    public static func text(_ response: DoseResponse, dimension: String, parameter: String) -> String {
        if response.points.allSatisfy(\.isWithinNoise) {
            return headline(response, dimension: dimension, parameter: parameter)
        }
        let metric = response.metric.title, best = response.points[response.best], first = response.points[0]
        let dose = { (value: Double) in Numerals.short(value) }
        // Without a gain over the lowest dose, the extreme dose is not called the best.
        let mark = response.best != 0 && first.isWithinNoise ? extreme(response) : "best"
        var text =
            "\(dimension) \(metric) is \(mark) at \(parameter) \(dose(best.dose)) "
            + "(\(Numerals.fixed(best.score.estimate, 3)) \(Numerals.range(best.score)), \(mark) in "
            + "\(Int(saturating: (best.bestShare * 100).rounded())) % of resamples; "
        let range = response.plausible
        text +=
            range.lowerBound == range.upperBound
            ? "no other \(parameter) is plausible)"
            : "between \(dose(range.lowerBound)) and \(dose(range.upperBound)) in "
                + "\(Int(saturating: (response.level * 100).rounded())) %)"
        if response.plateau < best.dose {
            text += "; no further gain beyond noise from \(dose(response.plateau)) on (\(sample(response)))"
        }
        if response.best != 0, let change = first.fromBest {
            text +=
                first.isWithinNoise
                ? "; the gain over \(dose(first.dose)) is within noise"
                : "; the gain over \(dose(first.dose)) is \(Numerals.fixed(change.interval.estimate.magnitude, 3))"
        }
        if response.replicates == 1 { text += "; one seed each, so seed noise is unknown" }
        return text + "."
    }

    private static func extreme(_ response: DoseResponse) -> String {
        response.metric.largerIsBetter ? "highest" : "lowest"
    }

    /// `60 songs and 3 seeds`.
    private static func sample(_ response: DoseResponse) -> String {
        Numerals.count(response.songs, "song")
            + (response.replicates > 1 ? " and \(Numerals.count(response.replicates, "seed"))" : "")
    }
}
