import SentioKit
import SentioSpec

extension Engine {
    /// The song-by-song comparison of the headline's stage with its baseline. Warns if the headline has no value or the
    /// two cannot be compared.
    /// - returns: nil if there is no baseline, or one of the two has not finished.
    func verdict(on pipeline: Pipeline, _ outcomes: [StageOutcome], _ hub: EventHub) -> String? {
        guard let headline = pipeline.headline, let stage = finished(headline.stage, outcomes) else { return nil }
        if let metric = headline.metric, stage.metrics[metric] == nil {
            let near =
                Suggestion.nearest(to: metric, among: stage.metrics.keys).map {
                    " Did you mean `\(stage.stage).\($0)`?"
                } ?? ""
            hub.emit(
                .warning(
                    stage: nil,
                    sentence:
                        "The headline `\(headline.text)` has no value: \(stage.stage) has no metric `\(metric)`.\(near)"
                ))
        }
        guard let statistics, let baseline = headline.baseline.flatMap({ finished($0, outcomes) }) else { return nil }
        let models = [stage, baseline].map { model(behind: $0.stage, pipeline.graph) }
        // Two scores of the same model, for example on two sets, keep their own names.
        let labels = models[0] == models[1] ? [stage.stage, baseline.stage] : models
        do throws(StageFailure) {
            return try statistics.verdict(
                metric: headline.metric, stage: ComparedStage(label: labels[0], outcome: stage),
                baseline: ComparedStage(label: labels[1], outcome: baseline))
        } catch {
            hub.emit(.warning(stage: nil, sentence: "`\(headline.text)` cannot be compared: \(error.sentence)"))
            return nil
        }
    }

    /// The stage whose predictions a stage scores; the stage itself if there is not exactly one.
    private func model(behind stage: String, _ graph: StageGraph) -> String {
        let models = Set((graph[stage]?.inputs ?? []).filter { $0.output.type == .predictions }.map(\.producer))
        return models.count == 1 ? models.first ?? stage : stage
    }

    private func finished(_ stage: String, _ outcomes: [StageOutcome]) -> StageOutcome? {
        outcomes.first { $0.stage == stage && ($0.state == .executed || $0.state == .cached) }
    }
}
