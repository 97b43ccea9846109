import Foundation
import Testing

/// `-o`: links are followed, pipes and devices are written into, and a file is whole or as it was.
@Suite struct OutputFileCommandTests {
    /// How each command is asked for a file, and how what it writes begins.
    static let commands = [
        ("report latest -o", "<!doctype html>"), ("runs export --all --format csv -o", "run,name,pipeline"),
        ("runs export --all --format json -o", "{\"rows\":"), ("runs export --all --format markdown -o", "| "),
    ]

    @Test(arguments: commands)
    func whereverTheNameLeads(command: String, start: String) throws {
        let project = try DemoProject.copy()
        func sentio(_ rest: String) throws -> CommandResult { try project.shell("\"$SENTIO\" \(command) \(rest)") }
        func text(_ name: String) throws -> String { String(decoding: try project.read(name), as: UTF8.self) }

        try project.write("old", to: "there/real")
        try project.shell("chmod 600 there/real && ln -s there/real link && ln -s there/new dangling")
        #expect(try sentio("link").exitCode == 0)
        #expect(try text("there/real").hasPrefix(start) && project.shell("readlink link").output == "there/real\n")
        #expect(try project.shell("stat -c %a there/real").output == "600\n")
        #expect(try sentio("dangling").exitCode == 0)
        #expect(try text("there/new").hasPrefix(start) && project.shell("readlink dangling").output == "there/new\n")

        let fifo = try project.shell(
            "mkfifo pipe; cat pipe > got & \"$SENTIO\" \(command) pipe && wait && test -p pipe")
        #expect(fifo.exitCode == 0, "\(fifo)")
        #expect(try text("got").hasPrefix(start))
        #expect(try project.shell("\"$SENTIO\" \(command) >(cat > substituted); wait; sleep 0.2").exitCode == 0)
        #expect(try text("substituted").hasPrefix(start))
        #expect(try project.shell("echo before > log; \"$SENTIO\" \(command) /dev/fd/3 3>> log").exitCode == 0)
        #expect(try text("log").hasPrefix("before\n" + start))
        let out = try sentio("/dev/stdout > mixed")
        let mixed = try text("mixed")
        #expect(out.exitCode == 0 && mixed.hasPrefix(start), "\(out)")
        #expect(
            try !text("mixed").contains("written") && out.errors.contains("/dev/stdout"),
            "what is said stands beside the data")
        #expect(try sentio("/dev/null").exitCode == 0 && project.shell("test -c /dev/null").exitCode == 0)

        let full = try sentio("/dev/full")
        #expect(
            full.exitCode == 1 && full.errors == "error: /dev/full cannot be written: no space left on device.\n",
            "\(full)")
        let folder = try sentio("there")
        #expect(
            folder.exitCode == 1
                && folder.errors == "error: there cannot be written: it is a folder; name a file in it.\n", "\(folder)")
        let missing = try sentio("no/such/file")
        #expect(missing.exitCode == 1)
        #expect(
            missing.errors
                == "error: no/such/file cannot be written: the folder no/such does not exist; create it first or name another file.\n"
        )
        try project.shell("ln -s b a && ln -s a b")
        #expect(try sentio("a").errors == "error: a cannot be written: it is a circular symbolic link.\n")
        #expect(try project.shell("ls -A . there | grep -c sentio-").output == "0\n", "nothing half-written is left")
    }

    @Test func aFileThatCouldNotBeWrittenIsAsItWas() throws {
        let project = try DemoProject.copy()
        try project.write("old", to: "report.html")
        let result = try project.shell("(ulimit -f 40; exec \"$SENTIO\" report latest 2>&1) | cat")
        #expect(result.output.contains("report.html cannot be written: file too large."), "\(result)")
        #expect(try project.read("report.html") == Data("old".utf8))
        #expect(try project.shell("ls -A | grep -c sentio-").output == "0\n")
    }

    @Test func anExportOverwritesNothingInSilence() throws {
        let project = try DemoProject.copy()
        #expect(try project.sentio("artifacts", "export", "songs.audio", "--to", "out").exitCode == 0)
        let names = try project.names(in: "out")
        #expect(
            try project.sentio("artifacts", "export", "songs.audio", "--to", "out").exitCode == 0,
            "the same files may stand there")
        try project.write("mine", to: "out/" + names[3])
        try project.remove("out/" + names[5])
        let refused = try project.sentio("artifacts", "export", "songs.audio", "--to", "out")
        #expect(refused.exitCode == 1)
        #expect(
            refused.errors
                == "error: out already has files with other content: \(names[3]). Nothing was written. Choose another folder, or replace them with --overwrite.\n"
        )
        #expect(try project.read("out/" + names[3]) == Data("mine".utf8) && !project.exists("out/" + names[5]))
        #expect(try project.sentio("artifacts", "export", "songs.audio", "--to", "out", "--overwrite").exitCode == 0)
        #expect(try project.names(in: "out") == names && project.read("out/" + names[3]) != Data("mine".utf8))
    }
}
