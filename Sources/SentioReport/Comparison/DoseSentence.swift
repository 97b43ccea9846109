import SentioKit
public import SentioLearn

/// A dose–response in one sentence.
public enum DoseSentence {
    /// What the data can support, as short as a chart's title: a gain over the lowest dose is claimed only beyond
    /// noise.
    public static func headline(_ response: DoseResponse, dimension: String, parameter: String) -> String {
        let metric = response.metric.title, best = response.points[response.best], first = response.points[0]
        let mark =
            "\(response.metric.largerIsBetter ? "highest" : "lowest") at \(Numerals.short(best.dose)), "
            + "\(Numerals.fixed(best.score.estimate, 3))"
        let shown =
            "that \(Numerals.count(response.songs, "song"))"
            + (response.replicates > 1 ? " and \(Numerals.count(response.replicates, "seed"))" : "") + " can show"
        if response.points.allSatisfy(\.isWithinNoise) {
            return "\(dimension) \(metric): no \(parameter) is better than another \(shown) (\(mark))."
        }
        if response.best == 0 {
            let close = response.points.count { $0.isWithinNoise && $0.dose != first.dose }
            return "\(dimension) \(metric): no \(parameter) above \(Numerals.short(first.dose)) is better (\(mark)), "
                + (close > 0
                    ? "and \(close) of \(response.points.count - 1) are not told apart from it." : "and all are worse.")
        }
        if first.isWithinNoise {
            return
                "\(dimension) \(metric): no \(parameter) is better than \(Numerals.short(first.dose)) \(shown) "
                + "(\(mark))."
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

    /// - parameters:
    ///   - dimension: `arousal`.
    ///   - parameter: what the dose is of: `ratio`.
    public static func text(_ response: DoseResponse, dimension: String, parameter: String) -> String {
        let metric = response.metric.title, best = response.points[response.best], first = response.points[0]
        let songs = Numerals.count(response.songs, "song")
        let seeds = response.replicates > 1 ? " and \(Numerals.count(response.replicates, "seed"))" : ""
        let dose = { (value: Double) in Numerals.short(value) }
        if response.points.allSatisfy(\.isWithinNoise) {
            return "\(dimension) \(metric): no \(parameter) is better than another that \(songs)\(seeds) can show"
                + " (highest at \(dose(best.dose)), \(Numerals.fixed(best.score.estimate, 3)))."
        }
        // No gain over the lowest dose: the highest mark is no best one.
        let mark =
            response.best != 0 && first.isWithinNoise ? (response.metric.largerIsBetter ? "highest" : "lowest") : "best"
        var text =
            "\(dimension) \(metric) is \(mark) at \(parameter) \(dose(best.dose)) "
            + "(\(Numerals.fixed(best.score.estimate, 3)) "
        text +=
            "\(Numerals.range(best.score)), \(mark) in \(Int(saturating: (best.bestShare * 100).rounded())) % of "
            + "resamples; "
        let range = response.plausible
        text +=
            range.lowerBound == range.upperBound
            ? "no other could be)"
            : "\(Int(saturating: (response.level * 100).rounded())) % of them between \(dose(range.lowerBound)) and "
                + "\(dose(range.upperBound)))"
        if response.plateau < best.dose {
            text += "; from \(dose(response.plateau)) on more buys nothing that \(songs)\(seeds) can show"
        }
        if response.best != 0, let change = first.fromBest {
            text +=
                first.isWithinNoise
                ? "; against \(dose(first.dose)) the gain is within noise"
                : "; against \(dose(first.dose)) it gains \(Numerals.fixed(change.interval.estimate.magnitude, 3))"
        }
        if response.replicates == 1 { text += "; one seed each, so seed noise is not known" }
        return text + "."
    }
}
