import SentioKit

/// The line `headline:` of a pipeline: `STAGE` or `STAGE.metric`, optionally with a baseline, ` vs STAGE`.
enum HeadlineClause {
    /// Parses the line; nil for a fault, which is then reported.
    /// - Parameters:
    ///   - nodes: in the order of the file.
    ///   - measures: measures by which songs can be compared; empty: any.
    static func parse(
        _ node: SpecNode, nodes: [StageNode], measures: [String], report: (String, SpecOrigin) -> Diagnostic,
        problems: inout [Diagnostic]
    ) -> RunHeadline? {
        do throws(StageFailure) { return try headline(node.string ?? "", nodes, measures) } catch {
            problems.append(report(error.sentence, node.origin))
            return nil
        }
    }

    private static func headline(_ text: String, _ nodes: [StageNode], _ measures: [String]) throws(StageFailure)
        -> RunHeadline
    {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 1 || words.count == 3 && words[1] == "vs" else {
            throw StageFailure(
                "`headline` must be a stage or one of its metrics, optionally with a baseline: `score`, "
                    + "`score.test.ccc` or `score.test.ccc vs STAGE`."
            )
        }
        let stages = Set(nodes.map(\.name))
        let isStage = stages.contains(words[0]), name = isStage ? nil : try MetricName(words[0], stages: stages)
        let stage = name?.stage ?? words[0]
        guard words.count == 3 else { return RunHeadline(stage: stage, metric: name?.metric, isDeclared: true) }
        let baseline = words[2]
        guard stages.contains(baseline) else {
            let hint = Suggestion.nearest(to: baseline, among: stages).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The pipeline has no stage `\(baseline)`.\(hint)")
        }
        guard baseline != stage else { throw StageFailure("`\(text)` compares a stage with itself.") }
        for node in nodes where node.name == stage || node.name == baseline {
            guard !node.hasScores else { continue }
            let scored = nodes.filter { $0.hasScores && $0.group?.row == nil }.map(\.name)
            let known =
                scored.isEmpty
                ? "no stage of the pipeline does" : "stages that do: \(scored.joined(separator: ", "))"
            throw StageFailure("`vs` compares scored songs, but `\(node.name)` (\(node.kind)) scores none; \(known).")
        }
        if let measure = name?.metric.split(separator: ".").last.map(String.init), !measures.isEmpty,
            !measures.contains(measure)
        {
            let hint = Suggestion.nearest(to: measure, among: measures).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure(
                "`\(words[0])` cannot be compared song by song; the measures that can are "
                    + "\(measures.joined(separator: ", ")).\(hint)"
            )
        }
        return RunHeadline(stage: stage, metric: name?.metric, baseline: baseline, isDeclared: true)
    }

    /// The headline of a pipeline that declares none: the last scoring stage of the file that no other scoring stage
    /// depends on and that is not a baseline; if `expect:` is about such stages, the last of those.
    /// - Parameter nodes: in the order of the file.
    static func chosen(_ nodes: [StageNode], _ graph: StageGraph, expectations: [ExpectationClause]) -> RunHeadline? {
        let baselines = Set(expectations.flatMap(\.baselines))
        let scored = nodes.filter { node in
            node.hasScores && node.group?.row == nil && !baselines.contains(node.name) && !isBaseline(node.name)
                && !graph.downstream(of: node.name).contains { graph[$0]?.hasScores ?? false }
        }
        let subjects = Set(expectations.compactMap(\.subject))
        return (scored.last { subjects.contains($0.name) } ?? scored.last).map { RunHeadline(stage: $0.name) }
    }

    /// `baseline_score`, `cv.baseline`.
    private static func isBaseline(_ name: String) -> Bool {
        name.split { !$0.isLetter }.contains { $0.lowercased() == "baseline" }
    }
}

extension StageNode {
    /// Whether it scores predictions.
    var hasScores: Bool { outputs.contains { $0.type == .scores || $0.type == .scoredSongs } }
}
