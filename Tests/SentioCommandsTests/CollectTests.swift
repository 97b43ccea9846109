import Foundation
import Testing

/// `artifacts du` and `artifacts gc`.
@Suite struct CollectTests {
    private func blobs(_ project: CommandLineProject) throws -> Int {
        try project.names(in: "artifacts/cas").reduce(0) { $0 + (try project.names(in: "artifacts/cas/" + $1).count) }
    }

    @Test func usageSaysWhereTheBytesAre() throws {
        let usage = try DemoProject.copy().sentio("artifacts", "du", "--json")
        #expect(usage.exitCode == 0)
        let last = try usage.json["purposes"].list.first { $0["what"].text == "last results" }
        #expect(
            try (last?["bytes"].int ?? 0) > 0 && usage.json["stages"].list.contains { $0["what"].text == "small waves" }
        )
    }

    @Test func olderResultsGoAndTheLastStay() throws {
        let project = try DemoProject.copy()
        #expect(try project.sentio("run", "p.yaml", "-q", "--set", "bands=24").exitCode == 0)
        let before = try blobs(project)
        #expect(try project.sentio("artifacts", "gc").output.hasPrefix("0 B freed"), "everything is referred to")
        let preview = try project.sentio("artifacts", "gc", "--keep", "1kB", "--dry-run", "--json").json
        #expect(try (preview["freed"].int ?? 0) > 0 && blobs(project) == before, "only said")
        let collected = try project.sentio("artifacts", "gc", "--keep", "1kB")
        #expect(collected.exitCode == 0 && collected.output.contains("mels of small"), "\(collected)")
        #expect(
            collected.errors.contains(
                "more than 1.0 kB remain, because these are protected: last results of stages ("), "\(collected)")
        #expect(try blobs(project) < before)
        #expect(try project.sentio("artifacts", "verify").exitCode == 0, "no record without its blobs")
        let same = try project.sentio("run", "p.yaml", "--json", "--set", "bands=24")
        #expect(try !same.states.contains("executed"), "what was last is still cached")
        let old = try project.sentio("run", "p.yaml", "--json")
        #expect(try old.exitCode == 0 && old.states.contains("mels executed") && old.states.contains("waves cached"))
        #expect(try old.finished["stages"][named: "mels"]["items"]["executed"].int == DemoProject.songs)
        #expect(!old.errors.contains("missing or damaged"), "it counts as never made, not as lost")
    }

    @Test func aDryRunIsABill() throws {
        let project = try DemoProject.copy()
        #expect(try project.sentio("run", "p.yaml", "-q", "--set", "bands=24").exitCode == 0)
        let bill = try project.sentio("artifacts", "gc", "--keep", "1kB", "--dry-run")
        #expect(
            bill.output.contains(#/would free [0-9.]+ .?B; recreating it would take about [0-9.]+ .?s; /#), "\(bill)")
        let json = try project.sentio("artifacts", "gc", "--keep", "1kB", "--dry-run", "--json").json
        let mels = json["removed"].list.first { $0["what"].text == "mels of small" }
        #expect((mels?["seconds"].number ?? 0) > 0 && (json["seconds"].number ?? 0) > 0 && (json["short"].int ?? 0) > 0)
        #expect(json["kept"].list.contains { $0["why"].text == "last results of stages" })
    }

    @Test func tagsAndSweepsKeepTheirResults() throws {
        let project = try DemoProject.copy()
        // The first run's `mels` is an older result now: a tag keeps it, and without the tag it goes.
        #expect(try project.sentio("run", "p.yaml", "-q", "--set", "bands=24").exitCode == 0)
        func removed() throws -> [String] {
            try project.sentio("artifacts", "gc", "--keep", "1kB", "--dry-run", "--json").json["removed"].list.map {
                $0["what"].text
            }
        }
        #expect(try removed().contains("mels of small"))
        #expect(try project.sentio("runs", "tag", "first", "keep=yes").exitCode == 0)
        let kept = try project.sentio("artifacts", "gc", "--keep", "1kB", "--dry-run")
        #expect(!kept.output.contains("mels of small") && kept.errors.contains("(tag keep)"), "\(kept)")
        let tagged = try project.sentio("runs", "show", "first", "--json").json["run"].text
        #expect(kept.errors.contains("`runs tag \(tagged) --remove keep` for that run"), "\(kept)")
        #expect(try project.sentio("runs", "tag", "first", "keep=no").exitCode == 0)
        #expect(try removed().contains("mels of small"))
        let sweep = try project.sentio("sweep", "p.yaml", "-q", "--matrix", "bands=16,20,24")
        #expect(sweep.exitCode == 0, "\(sweep)")
        let wanted = try project.sentio("artifacts", "gc", "--keep", "1kB", "--even-last", "--dry-run")
        #expect(
            !wanted.output.contains("mels of small") && wanted.errors.contains("sweep small-"),
            "\(wanted)")
        #expect(!wanted.errors.contains("--even-last"), "it is said already, and would not help: \(wanted)")
        // The way that it names is one.
        let way = try #require(
            wanted.errors.firstMatch(of: #/`(runs delete --filter .*?)` for the cells of that sweep\./#)?.output.1)
        #expect(try project.shell("\"$SENTIO\" \(way)").output.components(separatedBy: " deleted; ").count == 4)
        let runs = try project.sentio("runs", "list", "--json").json["runs"].list.map { $0["run"].text }
        for run in runs { try project.sentio("runs", "delete", run) }
        let freed = try project.sentio("artifacts", "gc", "--keep", "1kB", "--even-last", "--json")
        #expect(
            try freed.json["short"].int == 0
                && freed.json["removed"].list.contains { $0["what"].text.hasPrefix("log of run") }, "\(freed)")
    }

    @Test func whatNothingRefersToAndCheckpointsGo() throws {
        let project = try DemoProject.copy()
        let name = String(repeating: "ab", count: 32)
        try project.write("left over", to: "artifacts/cas/ab/" + name.dropFirst(2))
        try project.write("half a training", to: "artifacts/tmp/checkpoints/\(name)/epoch")
        #expect(try project.sentio("artifacts", "gc").output.contains("1 unreferenced blob"))
        #expect(
            !project.exists("artifacts/cas/ab/" + name.dropFirst(2))
                && project.exists("artifacts/tmp/checkpoints/\(name)/epoch"))
        #expect(try project.sentio("artifacts", "gc", "--keep", "0").exitCode == 0)
        #expect(!project.exists("artifacts/tmp/checkpoints/\(name)"))
        #expect(try project.sentio("artifacts", "gc", "--keep", "much").exitCode == 64)
    }

    @Test func nothingIsRemovedWhileSomethingRuns() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages:\n  slow: { uses: command, cmd: 'touch begun; sleep 60', outs: [out.txt] }\n", to: "p.yaml")
        let run = try project.start("run", "p.yaml", "-q")
        try CommandLineProject.wait(for: "the stage") { project.exists("begun") }
        let collect = try project.sentio("artifacts", "gc")
        #expect(collect.exitCode == 5 && collect.errors.contains("is in use, so nothing was removed"))
        run.send(SIGINT)
        _ = try run.finish()
        #expect(try project.sentio("artifacts", "gc").exitCode == 0)
    }
}
