import SentioEngine
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// `headline:`: which stage speaks for a run, declared or not, and what it is compared with.
@Suite struct HeadlineClauseTests {
    /// Names a comparison and what it was asked for.
    private struct NamingStatistics: StageStatistics {
        func numbers(of metric: ComparedMetric, stage: StageOutcome, baseline: StageOutcome) throws(StageFailure)
            -> ComparedNumbers
        {
            throw StageFailure("not asked")
        }

        func verdict(metric: String?, stage: ComparedStage, baseline: ComparedStage) throws(StageFailure) -> String {
            if metric == "lost.ccc" { throw StageFailure("no such set") }
            return "\(stage.label) against \(baseline.label) on \(metric ?? "the usual")"
        }
    }

    private static let stages = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          fit: { uses: toy-fit, in: { numbers: songs.numbers }, with: { train: [a] } }
          score: { uses: toy-score, in: { predictions: fit }, with: { test: [b] } }
          other: { uses: toy-fit, in: { numbers: songs.numbers }, with: { train: [c] } }
          other_score: { uses: toy-score, in: { predictions: other }, with: { test: [b] } }
          after: { uses: toy-constant, in: { after: score } }

        """

    private func project() throws -> TestProject {
        let project = try TestProject()
        for (song, number) in [("a", "1"), ("b", "2"), ("c", "3")] { try project.song(song, number) }
        return project
    }

    private func headline(_ lines: String, profile: String? = nil, sets: [String] = []) throws -> String? {
        try project().pipeline(lines + Self.stages, profile: profile, sets: sets).headline?.text
    }

    @Test func theLastStageOfTheFileThatScores() throws {
        #expect(try headline("") == "other_score", "the order of the file, whatever the graph's is")
        let lone = try TestProject().pipeline("stages: { a: { uses: toy-constant } }\n")
        #expect(lone.headline == nil)
    }

    @Test func neverABaseline() throws {
        #expect(try headline("expect: [\"score.test.ccc > other_score.test.ccc + 0.01\"]\n") == "score")
        #expect(
            try headline("expect: [\"score.test.ccc >= 0\"]\n") == "score", "who expects something of a stage means it")
        let named = Self.stages.replacing("other_score", with: "baseline_score")
        #expect(try project().pipeline(named).headline?.text == "score")
    }

    @Test func declaredInheritedAndOverridden() throws {
        let pipeline = try project().pipeline("headline: score.test.ccc vs other_score\n" + Self.stages)
        #expect(
            pipeline.headline
                == RunHeadline(stage: "score", metric: "test.ccc", baseline: "other_score", isDeclared: true))
        let value = try #require(pipeline.resolvedValues.first { $0.path == "headline" })
        #expect(value.value == "score.test.ccc vs other_score" && value.origin.hasSuffix("p.yaml:1"))
        let profiles = "headline: score\nprofiles: { p: { headline: other_score }, none: { headline: ~ } }\n"
        #expect(try headline(profiles) == "score" && headline(profiles, profile: "p") == "other_score")
        #expect(try headline(profiles, profile: "none") == "other_score")
        let project = try project()
        try project.write("headline: score\n" + Self.stages, to: "base.yaml")
        #expect(try project.pipeline("extends: base.yaml\n", name: "q.yaml").headline?.text == "score")
        #expect(
            try project.pipeline(
                "extends: base.yaml\nparams: { which: other_score }\nheadline: \"${which}\"\n", name: "r.yaml"
            )
            .headline?.text == "other_score")
    }

    @Test(arguments: [
        ("scroe", "`scroe` does not start with a stage of this pipeline. Did you mean `score`?"),
        ("scroe.test.ccc", "`scroe.test.ccc` does not start with a stage of this pipeline. Did you mean `score`?"),
        ("score vs othr_score", "The pipeline has no stage `othr_score`. Did you mean `other_score`?"),
        ("score vs score", "`score vs score` compares a stage with itself."),
        (
            "score vs fit",
            "`vs` compares scored songs, but `fit` (toy-fit) scores none; stages that do: score, other_score."
        ),
        ("score and other_score", "`headline` must be a stage or one of its metrics"),
        ("7", "`headline` must be a stage or"),
    ])
    func mistakesHaveTheirPlace(text: String, sentence: String) throws {
        let problems = try project().problems("pipeline: x\nheadline: \(text)\n" + Self.stages)
        #expect(problems.count == 1 && problems[0].hasPrefix("p.yaml:2:11: error: \(sentence)"), "\(problems)")
    }

    private func run(
        _ project: TestProject, _ yaml: String, events: EventLog = EventLog(),
        configure: (inout RunOptions) -> Void = { _ in }
    ) async throws -> RunOutcome {
        let pipeline = try project.pipeline(yaml)
        var options = RunOptions(jobs: 1)
        configure(&options)
        try project.reopen()
        return await Engine(workspace: project.workspace, sinks: [events], statistics: NamingStatistics()).run(
            pipeline, options: options)
    }

    @Test func theVerdictNamesTheModels() async throws {
        let project = try project()
        let yaml = "headline: score vs other_score\n" + Self.stages
        let first = try await run(project, yaml), again = try await run(project, yaml)
        #expect(first.verdict == "fit against other on the usual" && again.verdict == first.verdict)
        #expect(first.headline?.stage == "score")
        let events = EventLog()
        let lost = try await run(project, "headline: score.lost.ccc vs other_score\n" + Self.stages, events: events)
        #expect(lost.verdict == nil)
        #expect(
            events.warnings == [
                "The headline `score.lost.ccc vs other_score` has no value: score has no metric `lost.ccc`. Did you mean `score.test.ccc`?",
                "`score.lost.ccc vs other_score` cannot be compared: no such set",
            ])
        #expect(try await run(project, Self.stages).verdict == nil, "nobody asked")
    }

    @Test func whatOnlyLeavesOutIsNotJudged() async throws {
        let project = try project()
        let yaml = "expect: [\"score.test.ccc == 1\", \"other_score.test.ccc == 7\"]\n" + Self.stages
        let outcome = try await run(project, yaml) { $0.only = ["score"] }
        #expect(outcome.expectations.map(\.holds) == [true] && outcome.unchecked == ["other_score.test.ccc == 7"])
        #expect(outcome.exitCode == 0)
        let whole = try await run(project, yaml)
        #expect(whole.expectations.map(\.holds) == [true, false] && whole.unchecked.isEmpty && whole.exitCode == 6)
    }

    /// The second of two equal stages of a first run was not in any cache before it.
    @Test func twinsShareAResult() async throws {
        let project = try project()
        let yaml =
            "stages:\n  a: { uses: toy-constant }\n  b: { uses: toy-constant }\n  c: { uses: toy-constant, with: { text: y } }\n"
        let first = try await run(project, yaml), again = try await run(project, yaml)
        #expect(first.states == "a executed, b cached, c executed")
        #expect(
            first.stages.map(\.sharedWith) == [nil, "a", nil] && again.stages.map(\.sharedWith) == [nil, nil, nil])
    }

    @Test func skippedStagesKnowWhatTheyNeed() async throws {
        let project = try TestProject()
        let yaml = """
            stages:
              bad: { uses: toy-constant, with: { text: fail } }
              next: { uses: toy-constant, in: { after: bad } }
              last: { uses: toy-constant, in: { after: next } }
              alone: { uses: toy-constant, with: { text: z } }

            """
        let outcome = try await run(project, yaml)
        #expect(outcome.states == "bad failed, next skipped, last skipped, alone skipped")
        #expect(outcome.stages.map(\.blockers) == [[], ["bad"], ["bad"], []])
    }
}
