import Foundation
import Testing

/// `runs list --filter`, marks on runs, and the ledger, on the real binary.
@Suite struct RunsFilterTests {
    @Test func aFilterFindsAndShowsWhatItAskedFor() throws {
        let project = try DemoProject.shared()
        let found = try project.sentio("runs", "list", "--filter", "metrics.score.test.ccc > -2 and params.bands = 16")
        #expect(found.exitCode == 0 && found.lines.count == 2, "\(found)")
        #expect(found.lines[0].hasSuffix("metrics.score.test.ccc  params.bands") && found.lines[1].hasSuffix(" 16"))
        #expect(try project.sentio("runs", "list", "--filter", "params.bands > 16").output == "No runs.\n")
        let sorted = try project.sentio(
            "runs", "list", "--sort", "metrics.test.ccc desc", "--columns", "config.mels.n_mels", "--json")
        #expect(try sorted.json["runs"][0]["columns"]["config.mels.n_mels"].int == 16)
    }

    @Test func aWrongFilterIsASentenceWithACaret() throws {
        let wrong = try DemoProject.shared().sentio("runs", "list", "--filter", "metrics.test.ccc > and x")
        #expect(wrong.exitCode == 64)
        #expect(
            wrong.errors.contains(
                "Expected a number, not `and`.\n  metrics.test.ccc > and x\n                     ^^^"), "\(wrong)"
        )
        #expect(try DemoProject.shared().sentio("runs", "list", "--sort", "metrics.a sideways").exitCode == 64)
    }

    @Test func tagsAndNotesComeAndGo() throws {
        let project = try DemoProject.copy()
        let tagged = try project.sentio("runs", "tag", "first", "stage=final", "owner=ada")
        #expect(tagged.exitCode == 0 && tagged.output.hasSuffix("  owner=ada, stage=final\n"))
        #expect(
            try project.sentio("runs", "list", "--filter", "tags.stage = final", "--json").json["runs"].list.count == 1)
        #expect(try project.sentio("runs", "tag", "first", "--remove", "stage").output.hasSuffix("  owner=ada\n"))
        let none = try project.sentio("runs", "tag", "first", "--remove", "stage")
        #expect(none.exitCode == 1 && none.errors.contains("has no tag `stage`; it has owner."))
        #expect(try project.sentio("runs", "tag", "first").exitCode == 64)
        #expect(try project.sentio("runs", "note", "first", "the one of the paper").exitCode == 0)
        #expect(try project.sentio("runs", "note", "first").output == "the one of the paper\n")
        #expect(try project.sentio("runs", "show", "first").output.contains("\nnote: the one of the paper\n"))
    }

    @Test func deletingIsUndoneAndPurgingIsNot() throws {
        let project = try DemoProject.copy()
        let deleted = try project.sentio("runs", "delete", "first")
        #expect(deleted.exitCode == 0 && deleted.output.contains("`runs restore "))
        #expect(
            try project.sentio("runs", "list").output.hasPrefix("No runs except deleted ones; `--deleted` lists them"))
        #expect(try project.sentio("runs", "list", "--deleted").lines.count == 2)
        #expect(
            try project.sentio("runs", "list", "--filter", "name = 'first'").output.hasPrefix(
                "No runs except deleted ones; `--deleted` lists them"))
        #expect(try project.sentio("runs", "list", "--filter", "name = 'nobody'").output == "No runs.\n")
        #expect(try project.sentio("runs", "show", "first").exitCode == 1)
        #expect(try project.sentio("runs", "restore", "first").output.hasSuffix("restored\n"))
        #expect(try project.sentio("runs", "show", "first").exitCode == 0)
        #expect(try project.sentio("runs", "delete").exitCode == 64)
        #expect(try project.sentio("runs", "delete", "--filter", "status = succeeded").exitCode == 0)
        #expect(try project.sentio("runs", "delete", "--purge").output == "1 run removed permanently\n")
        #expect(try project.sentio("runs", "restore", "first").exitCode == 1)
        // History only: nothing runs again, and the look is not counted twice.
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(try !run.states.contains("executed"), "\(run)")
        #expect(try project.sentio("runs", "ledger", "--json").json["test_sets"][0]["times"].int == 1)
    }

    @Test func theLedgerCountsLooksAtTestSongs() throws {
        let project = try DemoProject.copy()
        #expect(try project.sentio("run", "p.yaml", "-q", "--set", "ridge.alphas=[50.0]").exitCode == 0)
        #expect(try project.sentio("run", "p.yaml", "-q", "--set", "ridge.alphas=[50.0]").exitCode == 0)
        let ledger = try project.sentio("runs", "ledger")
        #expect(ledger.output.contains("These 3 test songs were used 2 times by 2 runs."), "\(ledger)")
        #expect(ledger.lines.count == 4)
        let show = try project.sentio("runs", "show", "first")
        #expect(show.output.contains("used 2 times by 2 runs. Number 1 was this run's."), "\(show)")
        #expect(try project.sentio("runs", "show", "latest").output.contains("This run only repeated an earlier use."))
        #expect(try project.sentio("runs", "show", "latest", "--json").json["test_looks"][0]["songs"].int == 3)
    }
}
