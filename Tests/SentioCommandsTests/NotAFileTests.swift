import Foundation
import Testing

/// Pipes, devices, links to nothing and names that are not text where a file is expected: never a hang, never silence.
@Suite struct NotAFileTests {
    private func run(_ stage: String, setUp: String = "", in project: CommandLineProject) throws -> CommandResult {
        try project.write("stages:\n  a: \(stage)\n", to: "p.yaml")
        if !setUp.isEmpty { #expect(try project.shell(setUp).exitCode == 0) }
        return try project.sentio("run", "p.yaml", "--json", timeout: 60)
    }

    @Test(arguments: [
        ("mkfifo out/it", "it is a named pipe"), ("ln -s /dev/zero out/it", "it is a device"),
        ("ln -s nowhere out/it", "it is a broken symbolic link"),
        ("ln -s it out/it", "it is a circular symbolic link"),
        ("ln -s .. out/it", "it is a link to a folder outside"),
        ("ln -s /dev/null out/it", "it is a device"),
    ])
    func whatIsNoFileInAnOutputFolderIsLeftOutAndSaid(_ make: String, _ words: String) throws {
        let project = try CommandLineProject()
        let run = try run(
            "{ uses: command, cmd: \"mkdir -p out; \(make); echo hi > out/x.txt\", outs: [out] }", in: project)
        #expect(run.exitCode == 0, "\(run)")
        let warnings = try run.finished["stages"][named: "a"]["warnings"].list.map(\.text)
        #expect(warnings.contains { $0.hasPrefix("Some of `out` is not stored") && $0.contains(words) }, "\(warnings)")
        // It stays said when the result comes from the cache.
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.states == "a cached")
        #expect(try again.finished["stages"][named: "a"]["warnings"].list.map(\.text) == warnings)
    }

    @Test func theSameInTheFolderOfUndeclaredOutputs() throws {
        let project = try CommandLineProject()
        let run = try run(
            "{ uses: command, cmd: \"mkfifo $SENTIO_OUT/pipe; ln -s /dev/zero $SENTIO_OUT/zero; echo hi > $SENTIO_OUT/x\" }",
            in: project)
        #expect(run.exitCode == 0, "\(run)")
        let sentence = try run.finished["stages"][named: "a"]["warnings"][0].text
        #expect(
            sentence.contains("Some of `SENTIO_OUT` is not stored")
                && sentence.contains("pipe is a named pipe, zero is a device"))
    }

    @Test(arguments: [
        ("mkfifo it", "`it` is a named pipe"),
        ("ln -s nowhere it", "`it` is a broken symbolic link (its target nowhere does not exist)"),
        ("ln -s /dev/zero it", "`it` is a device"), ("ln -s it it", "`it` is a circular symbolic link"),
        ("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\\\"it\\\")'", "`it` is a socket"),
    ])
    func anOutputThatIsNoFileFailsItsStage(_ make: String, _ words: String) throws {
        let run = try run("{ uses: command, cmd: \"\(make)\", outs: [it] }", in: try CommandLineProject())
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.errors.contains("succeeded, but its output \(words)"), "\(run)")
    }

    @Test(arguments: [
        ("mkfifo it", "is a named pipe"),
        ("ln -s nowhere it", "is a broken symbolic link (its target nowhere does not exist)"),
        ("ln -s /dev/zero it", "is a device"), ("ln -s it it", "is a circular symbolic link"),
    ])
    func aDependencyThatIsNoFileIsASentence(_ make: String, _ words: String) throws {
        let run = try run("{ uses: command, cmd: \"true\", deps: [it] }", setUp: make, in: try CommandLineProject())
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.errors.contains("/it \(words)") || run.errors.contains(" it \(words)"), "\(run)")
    }

    @Test func metricsThatAreNoFile() throws {
        let project = try CommandLineProject()
        let file = try run("{ uses: command, cmd: \"mkfifo m.json\", metrics: [m.json] }", in: project)
        #expect(file.exitCode == 1 && file.errors.contains("`m.json` is a named pipe"), "\(file)")
        let lines = try run("{ uses: command, cmd: \"mkfifo $SENTIO_METRICS\" }", in: project)
        #expect(lines.exitCode == 0, "\(lines)")
        #expect(try lines.finished["stages"][named: "a"]["warnings"][0].text.contains("SENTIO_METRICS is a named pipe"))
    }

    @Test func aLinkToNothingInAFolderOfDependenciesIsLeftOutAndSaid() throws {
        let project = try CommandLineProject()
        let stage = "{ uses: command, cmd: ls src, deps: [src] }"
        let run = try run(
            stage,
            setUp: "mkdir src; echo 1 > src/train.py; ln -s nowhere src/data; mkfifo src/pipe; ln -s .. src/back",
            in: project)
        #expect(run.exitCode == 0, "\(run)")
        let warnings = try run.finished["stages"][named: "a"]["warnings"].list.map(\.text)
        #expect(warnings.count == 1 && warnings[0].hasPrefix("3 names in "), "\(warnings)")
        for part in [
            "back is a symbolic link to a folder", "data is a broken symbolic link (its target nowhere",
            "pipe is a named pipe",
        ] {
            #expect(warnings.first?.contains(part) == true, "\(part): \(warnings)")
        }
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a cached")
        // The link's target coming into being is a change.
        try project.write("x", to: "src/nowhere")
        #expect(try project.sentio("run", "p.yaml", "--json").states == "a executed")
    }

    @Test func whatEditorsLeaveIsNoChange() throws {
        let project = try CommandLineProject()
        let first = try run(
            "{ uses: command, cmd: ls src, deps: [src] }", setUp: "mkdir -p src/a; echo 1 > src/a/train.py", in: project
        )
        #expect(try first.states == "a executed")
        try project.shell(
            """
            ln -s me@host.1234:1700000000 'src/a/.#train.py'; for f in .train.py.swp train.py~ .DS_Store Thumbs.db desktop.ini ._train.py '#train.py#'; do
            echo x > "src/a/$f"; done; mkdir src/.git src/a/__pycache__; echo x > src/.git/HEAD; echo x > src/a/__pycache__/x.pyc
            """)
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.states == "a cached")
        #expect(try again.finished["stages"][named: "a"]["warnings"].list.isEmpty, "\(again)")
    }

    @Test func patternsOfTheFolderDecideWhatCounts() throws {
        let project = try CommandLineProject()
        let stage = "{ uses: command, cmd: ls src, deps: [src] }"
        _ = try run(
            stage,
            setUp: """
                mkdir -p src/notes src/sub; printf '# mine\\n*.log\\n!keep.log\\n/top.txt\\nnotes/\\nsub/**/deep\\n!x.swp\\n' > src/.sentioignore
                echo 1 > src/keep.log; echo 1 > src/sub/top.txt; echo 1 > src/x.swp
                """, in: project)
        func state(after change: String) throws -> String {
            try project.shell(change)
            return try project.sentio("run", "p.yaml", "--json").states
        }
        #expect(
            try state(
                after:
                    "echo 2 > src/a.log; echo 2 > src/top.txt; echo 2 > src/notes/n.txt; mkdir -p src/sub/b/c; echo 2 > src/sub/b/c/deep"
            ) == "a cached")
        #expect(
            try state(after: "echo '# another word' >> src/.sentioignore") == "a cached",
            "the file of patterns does not count itself")
        #expect(try state(after: "echo 2 > src/keep.log") == "a executed")
        #expect(try state(after: "echo 2 > src/sub/top.txt") == "a executed")
        #expect(try state(after: "echo 2 > src/x.swp") == "a executed", "`!` takes back a pattern that holds by itself")
    }

    @Test func namesThatAreNotTextAreNamed() throws {
        let project = try CommandLineProject()
        let dependency = try run(
            "{ uses: command, cmd: ls src, deps: [src] }", setUp: "mkdir src; echo 1 > $'src/caf\\xe9.py'", in: project)
        #expect(dependency.exitCode == 1 && dependency.errors.contains("src/caf\\xE9.py is not UTF-8"), "\(dependency)")
        let output = try run(
            "{ uses: command, cmd: \"mkdir -p out; touch out/caf$(printf '\\\\351')\", outs: [out] }", in: project)
        #expect(output.exitCode == 1 && output.errors.contains("out/caf\\xE9 is not UTF-8"), "\(output)")
        // Patterns are bytes: such a file can be passed over.
        let ignored = try run(
            "{ uses: command, cmd: ls src, deps: [src] }", setUp: "echo 'caf*' > src/.sentioignore", in: project)
        #expect(ignored.exitCode == 0, "\(ignored)")
    }

    @Test func aSongThatIsNoFileIsOneWithoutData() throws {
        let project = try CommandLineProject()
        try DemoProject.dataset(in: project, songs: 4)
        try project.write("stages: { songs: { uses: song-dataset, with: { source: data } } }\n", to: "p.yaml")
        try project.shell(
            "cd data; rm audio/2.mp3 audio/3.mp3; ln -s ../.git/annex/objects/xx/2.mp3 audio/2.mp3; mkfifo audio/3.mp3; echo x > audio/b.txt; touch $'audio/\\xe9.mp3'"
        )
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0, "\(run)")
        let warnings = try run.finished["stages"][named: "songs"]["warnings"].list.map(\.text)
        #expect(
            warnings.contains {
                $0.hasPrefix(
                    "2 songs are rated but without an audio file: 2, 3. Of these, 2.mp3 is a broken symbolic link (its target ../.git/annex/"
                )
                    && $0.contains("3.mp3 is a named pipe") && $0.hasSuffix("Left out.")
            }, "\(warnings)")
        #expect(warnings.contains { $0.contains("\\xE9.mp3 has a name that is not UTF-8") }, "\(warnings)")
        #expect(try run.finished["stages"][named: "songs"]["metrics"]["songs"].number == 2)
        try project.shell("rm data/annotations.csv; ln -s nowhere data/annotations.csv")
        let broken = try project.sentio("run", "p.yaml", "--json")
        #expect(
            broken.exitCode == 1 && broken.errors.contains("annotations.csv is a broken symbolic link"), "\(broken)")
    }

    @Test func aDatasetsPatternsStandInItsOwnFolder() throws {
        let project = try CommandLineProject()
        try DemoProject.dataset(in: project, songs: 4)
        try project.write("stages: { songs: { uses: song-dataset, with: { source: data } } }\n", to: "p.yaml")
        try project.write("audio/1.*\n", to: "data/.sentioignore")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(try run.finished["stages"][named: "songs"]["metrics"]["songs"].number == 3, "\(run)")
    }

    @Test func oneCtrlCEndsARunThatWaitsForAPipe() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages: { a: { uses: command, cmd: \"mkfifo pipe; touch started; cat pipe\" } }\n", to: "p.yaml")
        let running = try project.start("run", "p.yaml")
        try CommandLineProject.wait(for: "the command to start") { project.exists("started") }
        running.send(SIGINT)
        #expect(try running.finish(timeout: 60).exitCode == 130)
    }
}
