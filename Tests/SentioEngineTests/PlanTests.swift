import Foundation
import SentioEngine
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

@Suite struct PlanTests {
    let project: TestProject
    let yaml = """
        params: { factor: 2 }
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: "${factor}" } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
          other: { uses: toy-constant }
        """

    init() throws {
        project = try TestProject()
        try project.song("a", "1")
    }

    private func texts(_ planned: [PlannedStage]) -> [String] {
        planned.map { stage in
            switch stage.state {
            case .upToDate: "\(stage.stage): up to date"
            case .stale(let reason): "\(stage.stage): \(reason.text)".replacing(project.path + "/", with: "")
            case .blocked(let sentence): "\(stage.stage): \(sentence)"
            }
        }
    }

    @Test func aPlanSaysWhyAndChangesNothing() async throws {
        #expect(
            texts(try project.plan(yaml)) == [
                "songs: no record of it yet", "scaled: waits for songs", "sum: waits for scaled",
                "other: no record of it yet",
            ])
        try await project.run(yaml)
        #expect(
            texts(try project.plan(yaml)) == [
                "songs: up to date", "scaled: up to date", "sum: up to date", "other: up to date",
            ])
        let changed = yaml.replacing("factor: 2", with: "factor: 3")
        #expect(
            texts(try project.plan(changed)) == [
                "songs: up to date", "scaled: scaled.factor: 2 -> 3 (p.yaml:1)", "sum: waits for scaled",
                "other: up to date",
            ])
        #expect(texts(try project.plan(yaml)).allSatisfy { $0.hasSuffix("up to date") }, "planning left no trace")
    }

    @Test func whyFollowsTheChainToTheFirstCause() async throws {
        try await project.run(yaml)
        try project.song("b", "2")
        try project.reopen()
        let engine = Engine(workspace: project.workspace)
        let chain = engine.why(
            ["sum"], in: try project.pipeline(yaml, sets: ["factor=5"]), options: RunOptions(jobs: 1))
        #expect(
            chain.map { "\($0.stage): \($0.reason.text)" } == [
                "sum: waits for scaled", "scaled: scaled.factor: 2 -> 5 (--set factor=5); waits for songs",
                "songs: b.txt is new",
            ])
        #expect(engine.why(["other"], in: try project.pipeline(yaml), options: RunOptions(jobs: 1)).isEmpty)
    }

    @Test func filesThatWouldBePutBackCountAsThere() async throws {
        let yaml =
            "stages: { a: { uses: toy-write, with: { out: a.txt } }, b: { uses: toy-write, with: { out: b.txt, dep: a.txt } } }\n"
        try await project.run(yaml)
        try project.remove("a.txt")
        #expect(texts(try project.plan(yaml)) == ["a: up to date", "b: up to date"])
    }

    @Test func plannedStagesGoOutAsJSON() throws {
        let value = try #require(try project.plan(yaml).first).value
        #expect(value["state"] == "stale")
        #expect(value["reason"]?["code"] == "never-run")
    }

    @Test func whyNamesWhatBlocksAStage() async throws {
        try project.remove("songs")
        try project.reopen()
        let chain = Engine(workspace: project.workspace).why(
            ["sum"], in: try project.pipeline(yaml), options: RunOptions(jobs: 1))
        #expect(chain.last?.stage == "songs")
        #expect(chain.last?.reason.text.hasSuffix("or, with --set, in the current folder.") == true)
    }

    @Test func aStageThatDependsOnItsOwnOutputIsRefused() {
        let yaml = "stages: { a: { uses: toy-write, with: { out: x/a.txt, dep: x/a.txt } } }\n"
        #expect(project.problems(yaml).contains { $0.contains("`x/a.txt` is both a source and an output of a") })
    }

    /// However its path is spelled: absolute, from above, or through a link.
    @Test func placesAreComparedAndNotSpellings() throws {
        func problems(_ out: String, _ dep: String) -> [String] {
            project.problems("stages: { a: { uses: toy-write, with: { out: \(out), dep: \(dep) } } }\n")
        }
        try FileManager.default.createDirectory(atPath: project.path + "/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: project.path + "/linked", withDestinationPath: "real")
        let above = "../" + String(project.path.split(separator: "/").last ?? "")
        for dep in [project.path + "/real/a.txt", "linked/a.txt", above + "/real/a.txt"] {
            let sentences = problems("real/a.txt", dep)
            #expect(
                sentences.count == 1 && sentences[0].contains("a source of a, is also its output `real/a.txt`."),
                "\(dep): \(sentences)")
        }
        for dep in [".", "..", project.path] {
            #expect(problems("real/new/a.txt", dep).contains { $0.contains(", overlaps its output `") }, "\(dep)")
        }
        #expect(problems("linked", "real").isEmpty, "an output may be a link to what it was made from")
        #expect(
            problems("real/a.txt", "/real/a.txt").isEmpty
                && problems("real/a.txt", project.path + "/real/b.txt").isEmpty)
        let two =
            "stages: { a: { uses: toy-write, with: { out: real/x } }, b: { uses: toy-write, with: { out: linked/x } } }\n"
        #expect(
            project.problems(two).contains {
                $0.contains("`linked/x` is an output of both a, which calls it `real/x`, and b.")
            })
    }
}
