import SentioEngine
import SentioKit
import SentioLearn
import SentioReport
import SentioRunStore
import SentioSpec
import SentioSweep
import Synchronization

/// Compares the arms of a sweep for its claims, with the same predictions, songs, resamples and seed as `runs compare
/// --sweep`.
final class ArmClaimStatistics: ArmStatistics {
    private let sweep: String
    private let store: RunStore
    /// Comparisons by stage, set and baseline; each covers every dimension, measure and arm.
    private let found = Mutex<[String: Result<ArmComparison, StageFailure>]>([:])

    init(sweep: String, store: RunStore) {
        self.sweep = sweep
        self.store = store
    }

    func numbers(of metric: ComparedMetric, arm: String, baseline: String?) throws(StageFailure) -> ComparedNumbers {
        let key = "\(metric.stage)\0\(metric.set)\0\(baseline ?? "")"
        let comparison = try found.withLock { found in
            let comparison = found[key] ?? self.comparison(metric, baseline: baseline)
            found[key] = comparison
            return comparison
        }.get()
        guard let place = comparison.labels.firstIndex(of: arm) else {
            throw StageFailure("the run store has no finished run of \(arm)")
        }
        return try comparison.numbers(of: metric, arm: place, isScore: baseline == nil)
    }

    private func comparison(_ metric: ComparedMetric, baseline: String?) -> Result<ArmComparison, StageFailure> {
        Result {
            let arms = try SweepArms(sweep, in: store).arms, labels = arms.map(\.label)
            if let baseline, !labels.contains(baseline) {
                throw ComparisonError.unknownArm(baseline, available: labels)
            }
            return try ArmComparison(
                try AlignedArms(arms, stage: metric.stage, set: metric.set), labels: labels,
                baseline: baseline.flatMap(labels.firstIndex) ?? 0, statistics: try ComparisonOptions.defaultStatistics)
        }.mapError { StageFailure("\($0)") }
    }
}

/// Compares two stages of a run for the pipeline's claims: the numbers that `runs compare RUN:BASELINE RUN:STAGE`
/// prints, read from the artifacts because the run is not over yet.
struct StageClaimStatistics: StageStatistics {
    let workspace: Workspace

    func numbers(of metric: ComparedMetric, stage: StageOutcome, baseline: StageOutcome) throws(StageFailure)
        -> ComparedNumbers
    {
        let stages = [baseline, stage].map { ComparedStage(label: $0.stage, outcome: $0) }
        return try comparison(stages, set: metric.set).numbers(of: metric, arm: 1, isScore: false)
    }

    func verdict(metric: String?, stage: ComparedStage, baseline: ComparedStage) throws(StageFailure) -> String {
        let words = (metric ?? "").split(separator: ".").map(String.init)
        let set = words.first.map(AlignedArms.set(named:)).flatMap { AlignedArms.sets.contains($0) ? $0 : nil }
        let measure = words.last.flatMap { Metric(rawValue: $0) } ?? .ccc
        let comparison = try comparison([baseline, stage], set: set, metric: measure)
        return Verdict.all(comparison).map(\.sentence).joined(separator: " ")
    }

    /// The first stage is the baseline.
    private func comparison(_ stages: [ComparedStage], set: String?, metric: Metric = .ccc) throws(StageFailure)
        -> ArmComparison
    {
        let result = Result {
            let arms = try stages.map { stage in
                Arm(
                    label: stage.label,
                    runs: [.init(run: stage.outcome.stage, number: 0, columns: try columns(of: stage.outcome))])
            }
            return try ArmComparison(
                try AlignedArms(arms, stages: stages.map(\.outcome.stage), set: set), labels: arms.map(\.label),
                metric: metric,
                statistics: try ComparisonOptions.defaultStatistics)
        }.mapError { StageFailure("\($0)") }
        return try result.get()
    }

    /// The tables of scored songs of a stage, in the form in which the run store returns them.
    private func columns(of outcome: StageOutcome) throws -> [ScoredColumn] {
        try History.predictions(of: outcome, in: workspace).flatMap { table in
            var groups: [(set: String, dimension: String, rows: [ItemPrediction])] = []
            for row in table.rows {
                if let place = groups.firstIndex(where: { $0.set == row.set && $0.dimension == row.dimension }) {
                    groups[place].rows.append(row)
                } else {
                    groups.append((row.set, row.dimension, [row]))
                }
            }
            return groups.map { group in
                ScoredColumn(
                    stage: outcome.stage, position: 0, set: group.set, dimension: group.dimension,
                    songs: group.rows.map(\.songID),
                    truth: group.rows.map(\.truth), predicted: group.rows.map(\.predicted))
            }
        }
    }
}

extension ArmComparison {
    /// - Parameter isScore: whether the arm's own score is wanted rather than its difference from the baseline.
    fileprivate func numbers(of metric: ComparedMetric, arm: Int, isScore: Bool) throws(StageFailure) -> ComparedNumbers
    {
        guard let measure = Metric(rawValue: metric.measure) else {
            throw StageFailure("\(ComparisonError.unknownMetric(metric.measure))")
        }
        guard let dimension = dimensions.first(where: { $0.name == metric.dimension }) else {
            throw StageFailure(
                "\(metric.stage) has no songs scored in `\(metric.dimension)`; the dimensions are "
                    + "\(dimensions.map(\.name).joined(separator: ", "))"
            )
        }
        let songs = aligned.songs.count, replicates = aligned.replicates.count
        if isScore {
            guard let score = dimension.scores[arm][measure] else {
                throw StageFailure("\(metric.stage) has no \(metric.measure)")
            }
            return ComparedNumbers([.low: score.lower, .high: score.upper], songs: songs, replicates: replicates)
        }
        guard let contrast = dimension.differences[arm], let difference = contrast.differences[measure] else {
            throw StageFailure("an arm cannot be compared with itself")
        }
        return ComparedNumbers(
            [
                .difference: difference.interval.estimate, .low: difference.interval.lower,
                .high: difference.interval.upper,
                .p: difference.p, .adjusted: contrast.adjusted[measure] ?? difference.p,
            ], songs: songs, replicates: replicates)
    }
}
