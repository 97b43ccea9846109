import SentioLearn

/// The result of a comparison for one arm, in one sentence.
public struct Verdict: Sendable, Equatable {
    let arm: String
    /// The sentence, with intervals and p.
    public let sentence: String
    /// Whether the arm differs significantly from the baseline in any dimension.
    let differs: Bool

    /// The verdicts on all arms except the baseline, in order.
    public static func all(_ comparison: ArmComparison) -> [Verdict] {
        comparison.labels.indices.filter { $0 != comparison.baseline }.map { verdict(comparison, arm: $0) }
    }

    private static func verdict(_ comparison: ArmComparison, arm: Int) -> Verdict {
        let metric = comparison.metric, label = comparison.labels[arm],
            baseline = comparison.labels[comparison.baseline]
        let songs = Numerals.count(comparison.aligned.songs.count, "song")
        var clauses: [String] = [], open: [(name: String, p: Double, difference: ModelDifference)] = [], differs = false
        for dimension in comparison.dimensions {
            guard let contrast = dimension.differences[arm], let difference = contrast.differences[metric] else {
                continue
            }
            let p = contrast.adjusted[metric] ?? difference.p
            if difference.stands(p: p) {
                differs = true
                let better = difference.gain > 0 ? label : baseline
                let size = Interval(
                    estimate: difference.interval.estimate.magnitude,
                    lower: min(difference.interval.lower.magnitude, difference.interval.upper.magnitude),
                    upper: max(difference.interval.lower.magnitude, difference.interval.upper.magnitude))
                let name = clauses.isEmpty ? "\(better) is better on" : "\(better) on"
                clauses.append(
                    "\(name) \(dimension.name) \(metric.title) by \(Numerals.fixed(size.estimate, 3)) "
                        + "\(Numerals.range(size)), \(Numerals.p(p)), "
                        + seedClause(difference))
            } else {
                open.append((dimension.name, p, difference))
            }
        }
        if !open.isEmpty {
            let names = open.map {
                "\($0.name) (\(Numerals.signed($0.difference.interval.estimate, 3)) "
                    + "\(Numerals.range($0.difference.interval)), \(Numerals.p($0.p)))"
            }
            .joined(separator: " and ")
            clauses.append(
                clauses.isEmpty
                    ? "\(label) against \(baseline), \(metric.title) of \(names): no significant difference on \(songs)"
                    : "\(names): no significant difference on \(songs)")
            if let budget = budgetClause(open.map(\.difference), comparison) { clauses.append(budget) }
        }
        return Verdict(arm: label, sentence: clauses.joined(separator: "; ") + ".", differs: differs)
    }

    private static func seedClause(_ difference: ModelDifference) -> String {
        switch difference.exceedsSeedNoise {
        case true?: "more than seed noise"
        case false?: "but not more than seed noise"
        case nil: "one seed each, so seed noise is unknown"
        }
    }

    /// The number of seeds or songs needed to detect a difference of `resolution` in the hardest of the open
    /// dimensions.
    private static func budgetClause(_ open: [ModelDifference], _ comparison: ArmComparison) -> String? {
        let size = Numerals.short(comparison.resolution)
        let budgets = open.map { $0.noise.budget(resolution: comparison.resolution, level: $0.level) }
        func rank(_ budget: NoiseBudget) -> (Int, Int) {
            switch budget {
            case .resolved: (0, 0)
            case .replicates: (1, 0)
            case .seeds(let count): (2, count)
            case .songs(let count): (3, count)
            }
        }
        switch budgets.max(by: { rank($0) < rank($1) }) {
        case nil: return nil
        case .resolved: return "a difference of \(size) would have been detected"
        case .replicates:
            return "these songs could resolve \(size), but one seed gives no estimate of seed noise: run replicates"
        case .seeds(let count): return "about \(Numerals.count(count, "more seed")) would resolve \(size)"
        case .songs(let count):
            let songs =
                count >= 1_000_000_000 ? "far more test songs" : "about \(Numerals.count(rounded(count), "test song"))"
            return "resolving \(size) would take \(songs); more seeds alone would not suffice"
        }
    }

    /// Rounded up to two significant digits, because the estimate is no more precise.
    private static func rounded(_ count: Int) -> Int {
        var step = 1
        while count / step >= 100 { step *= 10 }
        return (count + step - 1) / step * step
    }
}
