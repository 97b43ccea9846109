import SentioKit
import SentioSpec

/// A sweep whose cells have been read, for checks across the cells.
struct SweepDraft {
    let base: Pipeline
    let spec: SweepSpec
    let settings: [[SweepSetting]]
    /// One for each setting.
    let pipelines: [Pipeline]
    let file: PipelineFile
    /// Whether the command line gives the parameters. The claims of the file may then be about other cells.
    let isNarrowed: Bool

    /// The stages whose random numbers change with the replicate; nil: all.
    /// - Throws: `PipelineErrors` for an unknown stage.
    func replicated() throws -> Set<String>? {
        guard let names = spec.replicates.seeds else { return nil }
        var found: Set<String> = []
        for name in names {
            let stages = pipelines.reduce(into: Set<String>()) { $0.formUnion($1.graph.stages(named: name)) }
            guard !stages.isEmpty else {
                let hint =
                    Suggestion.nearest(to: name, among: base.graph.nodes.map(\.name)).map { " Did you mean `\($0)`?" }
                    ?? ""
                throw PipelineErrors(
                    file.diagnostic(
                        "`replicates.seeds` lists `\(name)`, but there is no such stage.\(hint)",
                        at: origin("replicates")))
            }
            found.formUnion(stages)
        }
        return found
    }

    /// - Throws: `PipelineErrors` if the pipeline does not have the stage of the metric.
    func checkMetric() throws {
        guard let metric = spec.metric else { return }
        do throws(StageFailure) { _ = try MetricName(metric.name, stages: stages) } catch {
            throw PipelineErrors(file.diagnostic("Sweep metric: \(error)", at: origin("metric")))
        }
    }

    var stages: Set<String> { Set(pipelines.flatMap { $0.graph.nodes.map(\.name) }) }

    func origin(_ key: String) -> SpecOrigin { spec.origins[key] ?? spec.origin }

    /// A parameter that changes no result would make all its cells equal, which is a mistake.
    /// - Throws: `PipelineErrors` with each such parameter.
    func checkParameters() throws {
        var problems: [Diagnostic] = []
        let first = pipelines.first?.signatures { _ in 0 }
        for name in spec.names {
            guard let at = settings.first?.firstIndex(where: { $0.name == name }), let origin = place(of: name) else {
                continue
            }
            var seen: Set<String> = []
            let values = settings.map { $0[at] }.filter { seen.insert(SweepSetting.canonical($0.value)).inserted }
            guard values.count > 1 else { continue }
            // A few values suffice: if nothing depends on a parameter, no value changes anything.
            let isIdle = values.dropFirst().prefix(4).allSatisfy { other in
                guard
                    let index = settings.firstIndex(where: {
                        $0[at].value.isSame(as: other.value) && differs($0, only: at)
                    })
                else {
                    return false
                }
                return pipelines[index].signatures { _ in 0 } == first
            }
            if isIdle {
                problems.append(
                    file.diagnostic(
                        "`\(name)` changes nothing: no stage's result depends on it, so all cells are equal.",
                        at: origin))
            }
        }
        guard problems.isEmpty else { throw PipelineErrors(problems) }
    }

    /// Probable mistakes.
    func warnings(replicated: Set<String>?) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        if spec.replicates.count > 1, !base.graph.nodes.contains(where: { isVaried($0, replicated) }) {
            let which = replicated == nil ? "no stage draws" : "none of the stages under `seeds` draws"
            warnings.append(
                file.diagnostic("Replicates change nothing: \(which) random numbers.", at: origin("replicates")))
        }
        let wanted = spec.runCap ?? 0
        if spec.method == .random || spec.method == .sobol, settings.count < wanted {
            warnings.append(
                file.diagnostic(
                    "There are only \(settings.count) different settings to draw; `run_cap` is \(wanted).",
                    at: origin("run_cap")))
        }
        return warnings
    }

    private func isVaried(_ node: StageNode, _ replicated: Set<String>?) -> Bool {
        node.stage.drawsRandomNumbers && (replicated?.contains(node.name) ?? true)
    }

    /// Whether a setting equals the first one except for one parameter.
    private func differs(_ setting: [SweepSetting], only place: Int) -> Bool {
        guard let first = settings.first else { return false }
        return setting.indices.allSatisfy { $0 == place || setting[$0].value.isSame(as: first[$0].value) }
    }

    private func place(of name: String) -> SpecOrigin? {
        spec.method == .list
            ? spec.cells.first?.first { $0.name == name }?.origin : spec.parameters.first { $0.name == name }?.origin
    }
}
