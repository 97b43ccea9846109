import SentioKit
import SentioLearn
import SentioReport

/// A song-by-song comparison of arms: differences, verdicts, dose–response, changed songs.
struct ComparedSongs {
    let comparison: ArmComparison
    let verdicts: [Verdict]
    /// One per arm other than the baseline.
    let changes: [ChangedSongs]
    let doses: [Dose]
    let missing: [String]
    private let runs: [[Arm.Replicate]]

    struct Dose {
        let dimension: String
        let parameter: String
        let response: DoseResponse
        var sentence: String { DoseSentence.text(response, dimension: dimension, parameter: parameter) }
    }

    /// - Throws: `ComparisonError`, `LearnError`.
    init(_ selection: ArmSelection, options: ComparisonOptions, over: String?, facts: SongFacts) throws {
        let labels = selection.arms.map(\.label), metric = Metric(rawValue: options.metric) ?? .ccc
        let aligned = try AlignedArms(
            selection.arms, stage: options.stage, stages: selection.stages, set: options.scoredSet)
        let statistics = try options.statistics
        let comparison = try ArmComparison(
            aligned, labels: labels, baseline: try options.place(in: labels), metric: metric,
            resolution: options.resolution,
            statistics: statistics)
        self.comparison = comparison
        verdicts = Verdict.all(comparison)
        let columns = options.by.isEmpty ? ["genre"] : options.by
        changes = labels.indices.filter { $0 != comparison.baseline }.map { arm in
            ChangedSongs(comparison, arm: arm, facts: facts, count: options.songs, columns: columns)
        }
        missing = selection.sweep?.missing ?? []
        runs = selection.arms.map(\.runs)
        let values = selection.arms.compactMap(\.dose)
        guard let over, values.count == selection.arms.count, values.count > 1 else {
            doses = []
            return
        }
        doses = try aligned.dimensions.map { dimension in
            Dose(
                dimension: dimension.name, parameter: over,
                response: try DoseResponse(
                    metric: metric, doses: values, truth: dimension.truth, arms: dimension.predicted,
                    comparison: statistics))
        }
    }

    var value: Value {
        var value = comparison.value.map ?? [:]
        value["changes"] = .list(changes.map(\.value))
        value["dose_response"] = .list(
            doses.map { dose in
                .map(
                    (dose.response.value(sentence: dose.sentence).map ?? [:]).merging([
                        "dimension": .string(dose.dimension), "parameter": .string(dose.parameter),
                    ]) { _, new in new })
            })
        value["arm_runs"] = .list(
            runs.map { .list($0.map { ["run": .string($0.run), "replicate": .int($0.number)] }) })
        value["missing"] = .list(missing.map(Value.string))
        return .map(value)
    }
}
