import Foundation
import Testing

/// A cross-validation with a stack in it, by the real binary on the demo songs.
@Suite struct CrossValidateTests {
    /// The small demo pipeline with a group after its table of features.
    static let yaml =
        DemoProject.yaml.components(separatedBy: "  ridge: {")[0] + """
              cv:
                uses: cross-validate
                in: { labels: songs.labels }
                with: { folds: 3, bootstrap: 100 }
                stages:
                  ridge: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 10 } }
                  blend:
                    uses: stack
                    in: { labels: songs.labels, split: split }
                    with: { folds: 2 }
                    stages:
                      soft: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 1000 } }
                      hard: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 1 } }
              compared: { uses: comparison, in: { ridge: cv.ridge, blend: cv.blend } }

            """

    /// Folds, their splits, ridge, and in each fold: inner folds, their splits, members thrice, the blend; collectors,
    /// tables.
    static let group = 1 + 3 + 3 + 3 * (1 + 2 + 6 + 1) + 2 + 1

    private func project() throws -> CommandLineProject {
        let project = try DemoProject.copy()
        try project.write(Self.yaml, to: "p.yaml")
        return project
    }

    private func executed(_ result: CommandResult) throws -> [String] {
        try result.finished["stages"].list.filter { $0["state"].text == "executed" }.map { $0["name"].text }
    }

    @Test func aSecondRunHasNothingToDoAndAMembersParameterConcernsItsFoldsOnly() throws {
        let project = try project()
        let first = try project.sentio("run", "p.yaml", "--json")
        #expect(first.exitCode == 0, "\(first)")
        #expect(try executed(first).filter { $0.hasPrefix("cv") }.count == Self.group)
        #expect(try executed(try project.sentio("run", "p.yaml", "--json")) == [])
        let changed = try project.sentio("run", "p.yaml", "--json", "--set", "cv.ridge.alpha=3")
        #expect(
            try Set(executed(changed)) == [
                "cv.ridge@fold=0", "cv.ridge@fold=1", "cv.ridge@fold=2", "cv.ridge", "cv", "compared",
            ])
        let inner = try project.sentio("plan", "p.yaml", "--json", "--set", "cv.blend.soft.alpha=30")
        #expect(try inner.json["stale"].int == 3 * 3 + 3 + 1 + 1 + 1)
        let forced = try project.sentio("run", "p.yaml", "--json", "--force", "cv.ridge@fold=*", "--only", "cv.ridge")
        #expect(try executed(forced).filter { $0.hasPrefix("cv.ridge@") }.count == 3)
        #expect(try forced.finished["stages"].list.allSatisfy { !$0["name"].text.hasPrefix("cv.blend") })

        // The pooled score, computed again from what anybody can export.
        try project.sentio("run", "p.yaml")
        try project.sentio("artifacts", "export", "cv.blend.predictions", "--to", project.path + "/p")
        try project.sentio("artifacts", "export", "songs.labels", "--to", project.path + "/l")
        let predicted = try column("valence", in: project, "p"), truth = try column("valence", in: project, "l")
        #expect(predicted.count == DemoProject.songs && truth.count == DemoProject.songs)
        let mean = truth.values.reduce(0, +) / Double(truth.count)
        let residual = truth.reduce(0) { $0 + pow($1.value - (predicted[$1.key] ?? .nan), 2) }
        let r2 = 1 - residual / truth.values.reduce(0) { $0 + pow($1 - mean, 2) }
        let run = try project.sentio("run", "p.yaml", "--json")
        let metrics = try run.finished["stages"][named: "cv.blend"]["metrics"]
        #expect(abs(try #require(metrics["pooled.valence.r2"].number) - r2) < 1e-9)
        let compared = try #require(try run.finished["stages"][named: "cv"]["metrics"]["blend.valence.r2"].number)
        #expect(abs(compared - r2) < 1e-9)
    }

    private func column(_ name: String, in project: CommandLineProject, _ folder: String) throws -> [String: Double] {
        let file = try #require(try project.names(in: folder).first { $0.hasSuffix(".csv") })
        let rows = String(decoding: try project.read(folder + "/" + file), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let place = try #require(rows[0].firstIndex { $0 == name })
        return Dictionary(
            rows.dropFirst().map { (String($0[0]), Double($0[place]) ?? .nan) }, uniquingKeysWith: { first, _ in first }
        )
    }

    @Test func copiesShareALineForPeople() throws {
        let project = try project()
        let run = try project.sentio("run", "p.yaml")
        #expect(run.output.contains("cv.ridge@fold=*"), "\(run)")
        #expect(run.output.contains("cv.blend.soft@fold=*,inner=*"))
        #expect(!run.output.contains("cv.ridge@fold=1") && !run.output.contains("inner=0"))
        #expect(run.output.contains("9 stages") && run.output.contains("blend.valence"))
        #expect(
            run.errors.components(separatedBy: "cv.ridge@fold=*").count == 3, "it starts, it is done: \(run.errors)")
        let graph = try project.sentio("graph", "p.yaml")
        #expect(graph.output.contains("cv.ridge@fold=*  ") && !graph.output.contains("fold=0"))
        #expect(try project.sentio("graph", "p.yaml", "--expand").output.contains("cv.ridge@fold=0"))
        let usage = try project.sentio("artifacts", "du")
        #expect(
            usage.lines.contains { $0.contains(#/^small cv\.ridge@fold=\* +3 +\d/#) }
                && !usage.output.contains("fold=0"), "\(usage)")
        let plan = try project.sentio("plan", "p.yaml", "--set", "cv.ridge.alpha=2")
        #expect(plan.output.contains("3 of 3: cv.ridge.alpha: 10.0 -> 2.0 (--set cv.ridge.alpha=2)"), "\(plan)")
        #expect(
            try project.sentio("stages", "cross-validate").output.contains("available to its members, under `stages:`:")
        )
        let schema = try project.sentio("schema").output
        #expect(schema.contains("cross-validate") && schema.contains("propertyNames"))
    }

    /// The metrics are called `pooled…`, the songs that they are of `out_of_fold`: both words are understood, and both
    /// are said.
    @Test func eitherWordMeansTheSongsOutOfFold() throws {
        let project = try project()
        try project.sentio("run", "p.yaml", "-q")
        let models = ["latest:cv.ridge", "latest:cv.blend"]
        let pooled = try project.sentio("compare", models[0], models[1], "--set", "pooled", "--resamples", "100")
        #expect(
            pooled.exitCode == 0 && pooled.output.contains("cv.ridge, cv.blend, pooled (out_of_fold): 12 songs"),
            "\(pooled)")
        #expect(
            try project.sentio("compare", models[0], models[1], "--set", "out_of_fold", "--resamples", "100").output
                == pooled.output)
        #expect(
            pooled.lines.contains("Only cv.ridge depends on cv.ridge@fold=* (ridge), cv.ridge (out-of-fold)."),
            "\(pooled)")
        #expect(!pooled.output.contains("@fold=0"), "\(pooled)")
        let alone = try project.sentio("compare", "latest")
        #expect(
            alone.exitCode == 64 && alone.errors.contains("such as `compare latest:cv.ridge latest:cv.blend`"),
            "\(alone)")
    }

    @Test func aMemberThatIgnoresItsFoldEndsWithSeven() throws {
        let project = try project()
        let leaking = Self.yaml.replacingOccurrences(
            of: "  cv:\n", with: "  outer: { uses: split, in: { labels: songs.labels }, with: { test: 0.25 } }\n  cv:\n"
        )
        .replacingOccurrences(of: "split: split }, with: { alpha: 10 }", with: "split: outer }, with: { alpha: 10 }")
        try project.write(leaking, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 7, "\(run)")
        #expect(
            try run.finished["stages"][named: "cv.ridge"]["message"].text.contains(
                "seen in training by what made `predictions@fold="))
    }

    @Test func aKilledRunGoesOn() throws {
        let project = try project()
        let running = try project.start("run", "p.yaml", "--jobs", "1", "--json")
        try CommandLineProject.wait(for: "the first fold") {
            let runs = try project.names(in: "artifacts/runs").filter { $0 != "latest" }.sorted()
            return try runs.last.map {
                try project.names(in: "artifacts/runs/\($0)").contains {
                    $0.hasPrefix("cv.ridge@") || $0.hasPrefix("cv.blend.")
                }
            } ?? false
        }
        running.send(SIGKILL)
        _ = try running.finish()
        let rest = try project.sentio("run", "p.yaml", "--json")
        #expect(rest.exitCode == 0, "\(rest)")
        let states = try rest.finished["stages"].list.filter { $0["name"].text.hasPrefix("cv") }.map {
            $0["state"].text
        }
        #expect(states.count == Self.group && states.contains("cached"))
        // The numbers are those of a run that nobody killed.
        let whole = try self.project()
        func table(_ project: CommandLineProject) throws -> String {
            let run = try project.sentio("run", "p.yaml", "--json")
            return try run.finished["stages"][named: "cv"]["outputs"]["table"].text
        }
        #expect(try table(project) == table(whole))
    }
}
