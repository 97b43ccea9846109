import Foundation
import Testing

/// What a command left in the user's folder comes back from the cache as it was, and what somebody changed there is not
/// lost.
@Suite struct RestoredOutputTests {
    private func project(_ command: String, outs: String = "out") throws -> CommandLineProject {
        let project = try CommandLineProject()
        try project.write(
            "stages: { a: { uses: command, cmd: bash make.sh, deps: [make.sh], outs: [\(outs)], seeded: false } }\n",
            to: "p.yaml")
        try project.write(command + "\n", to: "make.sh")
        return project
    }

    /// Names, types, permission bits, link targets and contents, as tar writes them.
    private func archive(_ project: CommandLineProject, _ name: String = "out") throws -> String {
        let result = try project.shell(
            "tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --hard-dereference -cf - \(name) | sha256sum; tar --sort=name -tvf <(tar --mtime=@0 --sort=name -cf - \(name)) | cut -c1-10"
        )
        #expect(result.exitCode == 0, "\(result)")
        return result.output
    }

    /// A folder of random content: modes, links, empty folders, odd names. The same number makes the same folder.
    private static let maker = """
        import os, random, sys
        r = random.Random(int(sys.argv[1]))
        names = ["a", "b.txt", "übung", "名前", "with space", "-dash", ".hidden", "quote'\\"", "tab\\t", "new\\nline", "back\\\\slash", "~tilde", "comma,", "x" * 200]
        os.makedirs("out")
        folders, files = ["out"], []
        for _ in range(r.randint(1, 8)):
            path = os.path.join(r.choice(folders), r.choice(names) + str(r.randint(0, 9)))
            if not os.path.lexists(path):
                os.mkdir(path); folders.append(path)
        for _ in range(r.randint(0, 12)):
            path = os.path.join(r.choice(folders), r.choice(names) + str(r.randint(10, 99)))
            if not os.path.lexists(path):
                with open(path, "wb") as f: f.write(r.randbytes(r.choice([0, 1, 100, 5000])))
                if r.random() < 0.6: os.chmod(path, r.choice([0o755, 0o700, 0o600, 0o444, 0o640, 0o777, 0o500]))
                files.append(path)
        for _ in range(r.randint(0, 6)):
            folder = r.choice(folders); path = os.path.join(folder, "link" + str(r.randint(0, 99)))
            if not os.path.lexists(path):
                os.symlink(os.path.relpath(r.choice(files + folders), folder), path)
        for path in folders[::-1]:
            if r.random() < 0.3: os.chmod(path, r.choice([0o700, 0o755, 0o750, 0o711]))
        """

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    func aFolderComesBackAsTheCommandLeftIt(seed: Int) throws {
        let project = try project("python3 make.py \(seed)")
        try project.write(Self.maker, to: "make.py")
        let first = try project.sentio("run", "p.yaml", "--json")
        #expect(first.exitCode == 0, "\(first)")
        let before = try archive(project)
        try project.shell("rm -rf out")
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.states == "a cached", "\(again)")
        #expect(try archive(project) == before)
        // A part of it is missing, another lost its bits.
        try project.shell(
            "find out -mindepth 1 -maxdepth 1 | sort | head -n 1 | tr '\\n' '\\0' | xargs -0 rm -rf; chmod -R u+x out")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        let third = try archive(project)
        #expect(third == before || third.split(separator: "\n").count == before.split(separator: "\n").count)
    }

    @Test func aProgramCanBeExecutedWhenItComesBack() throws {
        let project = try project("printf '#!/bin/sh\\necho works\\n' > tool; chmod +x tool", outs: "tool")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.remove("tool")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        #expect(try project.shell("./tool").output == "works\n")
        try project.shell("chmod -x tool")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        #expect(try project.shell("./tool").output == "works\n")
    }

    @Test func programsAndLinksReachTheNextCommand() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            stages:
              make: { uses: command, cmd: "cd $SENTIO_OUT; printf '#!/bin/sh\\\\necho works\\\\n' > tool; chmod +x tool; ln -s $SENTIO_OUT/tool link; mkdir empty" }
              use: { uses: command, cmd: "$SENTIO_IN/made/link > said; test -d $SENTIO_IN/made/empty", in: { made: make }, outs: [said] }
            """, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0, "\(run)")
        #expect(try project.shell("cat said").output == "works\n")
        #expect(try project.sentio("artifacts", "export", "make", "--to", "got").exitCode == 0)
        #expect(try project.shell("./got/link; test -d got/empty").output == "works\n")
    }

    @Test func aLinkOutOfTheFolderIsKeptAsACopyAndSaid() throws {
        let project = try project(
            "mkdir out; echo far > elsewhere; ln -s ../elsewhere out/x; ln -s $PWD/out/y out/z; echo y > out/y")
        let run = try project.sentio("run", "p.yaml", "--json")
        let warnings = try run.finished["stages"][named: "a"]["warnings"].list.map(\.text)
        #expect(
            warnings == [
                "Links in `out` that point outside it are stored as copies of their target files: x -> ../elsewhere."
            ],
            "\(run)")
        try project.shell("rm -rf out elsewhere")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        #expect(try project.shell("cat out/x; readlink out/z").output == "far\ny\n")
    }

    @Test func aFolderWithAShortNameAndAnAbsoluteLinkInItAreCurrent() throws {
        let project = try project("mkdir -p d/e; echo x > d/e/x; ln -s $PWD/d/e/x d/link", outs: "d")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.states == "a cached" && !again.errors.contains("changed"), "\(again)")
        #expect(try project.shell("ls -d *.kept-* 2>/dev/null; rm d/e/x").output == "")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        #expect(try project.shell("cat d/link").output == "x\n")
    }

    @Test func plainOutputsHaveTheManifestTheyAlwaysHad() throws {
        let project = try project("mkdir -p out/d; echo 1 > out/d/x; echo 2 > out/y")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        let text = try project.shell("cat artifacts/runs/latest/a/out.manifest").output
        #expect(
            text.hasPrefix(
                "{\"attributes\":{\"layout\":\"folder\"},\"entries\":2,\"fitted_sets\":0,\"form\":\"files\",\"rows\":0,\"schema\":2,\"song_data\":true,\"type\":\"files\"}\n"
            ), "\(text)")
    }

    @Test func whatSomebodyEditedIsKeptBeforeItIsPutBack() throws {
        let project = try project("echo made > labels.csv", outs: "labels.csv")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.write("two hours of corrections", to: "labels.csv")
        let again = try project.sentio("run", "p.yaml")
        let kept = try project.shell("ls labels.csv.kept-*").lines
        #expect(kept.count == 1)
        #expect(try project.shell("cat labels.csv labels.csv.kept-*").output == "made\ntwo hours of corrections")
        #expect(
            again.errors.contains(
                "labels.csv was changed after `a` wrote it. The changes are kept in ./\(kept.first ?? "?")")
                || again.errors.contains(kept.first ?? "?"), "\(again)")
        try project.remove("labels.csv")
        let third = try project.sentio("run", "p.yaml")
        #expect(
            third.errors.contains("Restored ") && third.errors.contains("missing")
                && !third.errors.contains("was changed after"),
            "\(third)")
        #expect(try project.shell("ls labels.csv.kept-*").lines == kept, "nothing more was to be kept")
    }

    @Test func whatSomebodyEditedIsKeptBeforeACommandRunsAgain() throws {
        let project = try project("mkdir -p out; echo made > out/labels.csv; echo other > out/other.csv")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.write("two hours of corrections", to: "out/labels.csv")
        try project.write("mkdir -p out; echo new > out/labels.csv\n", to: "make.sh")
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.states == "a executed", "\(again)")
        #expect(again.errors.contains("labels.csv cannot be restored from the cache for `a`"), "\(again)")
        #expect(try project.shell("cat out.kept-*/labels.csv; ls out").output == "two hours of correctionslabels.csv\n")
    }

    @Test func whatStoodThereBeforeTheFirstRunIsKept() throws {
        let project = try project("mkdir -p out; echo made > out/labels.csv; echo made > notes", outs: "out, notes")
        try project.write("mine", to: "out/labels.csv")
        try project.write("mine too", to: "out/deep/other.csv")
        try project.write("my notes", to: "notes")
        let first = try project.sentio("run", "p.yaml")
        #expect(first.exitCode == 0, "\(first)")
        #expect(
            first.errors.contains(
                "existed before `a` first ran. Commands start with empty outputs, so they were moved to"),
            "\(first)")
        #expect(
            try project.shell("cat out.kept-*/labels.csv out.kept-*/deep/other.csv notes.kept-*").output
                == "minemine toomy notes")
        #expect(
            try project.shell("find out -type f; cat out/labels.csv notes").output == "out/labels.csv\nmade\nmade\n")
        try project.remove("artifacts")
        try project.shell("rm -rf *.kept-*")
        let again = try project.sentio("run", "p.yaml")
        #expect(again.errors.contains("before `a` first ran"), "\(again)")
        #expect(try project.shell("cat out.kept-*/labels.csv").output == "made\n")
    }

    @Test func whatAFailedAttemptLeftIsNoPartOfTheNextResult() throws {
        let project = try project("mkdir -p out; echo half > out/half.txt; exit 3")
        #expect(try project.sentio("run", "p.yaml").exitCode == 1)
        try project.write("mkdir -p out; echo made > out/made.txt\n", to: "make.sh")
        let second = try project.sentio("run", "p.yaml")
        #expect(
            second.exitCode == 0
                && second.errors.contains("out/half.txt, left by a failed attempt of `a`, to"), "\(second)")
        #expect(try project.shell("ls out; cat artifacts/tmp/leftover-*/out/half.txt").output == "made.txt\nhalf\n")
        try project.shell("rm -r out")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        #expect(try project.shell("ls out").output == "made.txt\n")
        #expect(try project.sentio("artifacts", "gc").exitCode == 0)
        #expect(try project.shell("ls artifacts/tmp").lines.filter { $0.hasPrefix("leftover") } == [])
    }

    @Test func whatAFailedAttemptLeftGoesWhenTheRecordAnswers() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            params: { x: 1 }
            stages:
              a: { uses: command, cmd: 'mkdir -p out; echo ${x} > out/${x}.txt; test ${x} != 2', outs: [out] }
              b: { uses: command, cmd: ls out > b.txt, deps: [out], outs: [b.txt] }

            """, to: "p.yaml")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.write("mine", to: "out/own.txt")
        #expect(try project.sentio("run", "p.yaml", "--set", "x=2").exitCode == 1)
        try project.shell("ls -d out.kept-*/own.txt && mv out.kept-*/own.txt out/ && rm -r out.kept-*")
        let back = try project.sentio("run", "p.yaml")
        #expect(back.errors.contains("out/2.txt, left by a failed attempt of `a`, to"), "\(back)")
        #expect(
            try project.shell("ls out").output == "1.txt\nown.txt\n",
            "somebody's own stays beside a result that is restored")
    }

    @Test func whatAnotherPipelineLeftIsNoPartOfTheResult() throws {
        let project = try project("mkdir -p out; echo made > out/made.txt")
        try project.write(
            "extends: p.yaml\nstages: { a: { cmd: 'mkdir -p out; echo other > out/other.txt' } }\n", to: "q.yaml")
        #expect(try project.sentio("run", "q.yaml").exitCode == 0)
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 0 && run.errors.contains("out/other.txt existed before `a` first ran."), "\(run)")
        #expect(try project.shell("ls out; cat out.kept-*/other.txt").output == "made.txt\nother\n")
    }

    @Test func whatTheFirstOfTwoAttemptsLeftIsNoPartOfTheResult() throws {
        let project = try project(
            "mkdir -p out; if test -e tried; then echo made > out/made.txt; else touch tried; echo half > out/half.txt; exit 3; fi"
        )
        try project.write(
            "stages: { a: { uses: command, cmd: bash make.sh, deps: [make.sh], outs: [out], retries: 1 } }\n",
            to: "p.yaml")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 0, "\(run)")
        #expect(try project.shell("ls out").output == "made.txt\n")
    }

    @Test func whatWasWrittenWhileAFailingAttemptRanIsNotDeleted() throws {
        let project = try project("echo made > o.txt", outs: "o.txt")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.write("echo hours of work > o.txt; exit 3\n", to: "make.sh")
        #expect(try project.sentio("run", "p.yaml").exitCode == 1)
        try project.write("echo made > o.txt\n", to: "make.sh")
        let back = try project.sentio("run", "p.yaml", "--json")
        #expect(try back.states == "a cached", "\(back)")
        #expect(
            try project.shell("cat o.txt artifacts/tmp/leftover-*/o.txt").output == "made\nhours of work\n", "\(back)")
    }

    @Test func runsOfOtherParamsDoNotMixTheirOutputs() throws {
        let project = try CommandLineProject()
        try project.write(
            "params: { x: 0 }\nstages: { a: { uses: command, cmd: 'echo ${x} > o.txt; cat gate', outs: [o.txt] } }\n",
            to: "p.yaml")
        try project.shell("mkfifo gate")
        let first = try project.start("run", "p.yaml", "--set", "x=1")
        try CommandLineProject.wait(for: "o.txt") { (try? project.shell("cat o.txt").output) == "1\n" }
        let second = try project.sentio("run", "p.yaml", "--set", "x=2", "--no-wait")
        #expect(second.exitCode == 5, "\(second)")
        #expect(second.errors.contains("The outputs of `a` are being written by pid "), "\(second)")
        #expect(try project.shell("cat o.txt; echo > gate").output == "1\n")
        #expect(try first.finish().exitCode == 0)
        try project.shell("rm gate; touch gate")
        #expect(try project.sentio("run", "p.yaml", "--set", "x=2").exitCode == 0)
        #expect(try project.sentio("run", "p.yaml", "--set", "x=1", "--json").states == "a cached")
        #expect(try project.shell("cat o.txt").output == "1\n")
    }

    @Test func aFirstAttemptThatFailedLeftNobodysWork() throws {
        let project = try project("echo half > labels.csv; exit 3", outs: "labels.csv")
        #expect(try project.sentio("run", "p.yaml").exitCode == 1)
        try project.write("echo made > labels.csv\n", to: "make.sh")
        let second = try project.sentio("run", "p.yaml")
        #expect(second.exitCode == 0 && !second.errors.contains("before `a` first ran"), "\(second)")
        #expect(try project.shell("ls labels.csv*").output == "labels.csv\n")
    }

    @Test func goingBackToOtherValuesKeepsNothingAside() throws {
        let project = try project(
            "mkdir -p out/$(cat which); echo $(cat which) > out/$(cat which)/x; ln -s $(cat which) out/latest")
        try project.write(
            "stages: { a: { uses: command, cmd: bash make.sh, deps: [make.sh, which], outs: [out] } }\n", to: "p.yaml")
        for (which, state) in [("one", "executed"), ("two", "executed"), ("one", "cached"), ("two", "cached")] {
            try project.write(which, to: "which")
            let run = try project.sentio("run", "p.yaml", "--json")
            #expect(try run.states == "a \(state)", "\(run)")
            #expect(
                try project.shell("cat out/latest/x; ls out; ls -d *.kept-* 2>/dev/null; true").output
                    == "\(which)\nlatest\n\(which)\n")
        }
    }

    @Test func whatAFailedAttemptLeftIsNobodysWork() throws {
        let project = try project("echo half > labels.csv; exit 3", outs: "labels.csv")
        try project.write("echo made > labels.csv\n", to: "make.sh")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        try project.write("echo half > labels.csv; exit 3\n", to: "make.sh")
        #expect(try project.sentio("run", "p.yaml").exitCode == 1)
        try project.write("echo again > labels.csv\n", to: "make.sh")
        #expect(try project.sentio("run", "p.yaml").exitCode == 0)
        #expect(try project.shell("ls labels.csv*").output == "labels.csv\n")
    }
}
