import Foundation
import Testing

/// Two containers with one host name and the same process numbers on one workspace.
@Suite struct TwoContainersTests {
    /// Whether this machine lets a test make process namespaces.
    static let canSeparate: Bool = {
        guard getuid() == 0, let project = try? CommandLineProject() else { return false }
        return (try? project.shell("unshare --pid --fork --mount-proc true"))?.exitCode == 0
    }()

    @Test(.enabled(if: TwoContainersTests.canSeparate, "may not make process namespaces"))
    func theyLeaveEachOthersWorkAlone() throws {
        let project = try CommandLineProject()
        // The first run waits for a file that the test makes, with its attempt's folder in use.
        try project.write(
            """
            pipeline: slow
            stages:
              slow: { uses: command, cmd: "echo begun > $SENTIO_OUT/half; touch begun; while test ! -e go; do sleep 0.02; done; cat $SENTIO_OUT/half > slow.txt", outs: [slow.txt] }

            """, to: "slow.yaml")
        try project.write("pipeline: quick\nstages: { quick: { uses: command, cmd: \"true\" } }\n", to: "quick.yaml")
        let apart = "unshare --pid --fork --mount-proc"
        let first = try project.startShell("\(apart) \"$SENTIO\" run slow.yaml")
        try CommandLineProject.wait(for: "the first run") { project.exists("begun") }
        // It has the process number 1 too; others of the first container do not exist here.
        for command in ["run quick.yaml", "run slow.yaml --no-wait", "runs list", "plan slow.yaml"] {
            let result = try project.shell("\(apart) \"$SENTIO\" \(command)")
            #expect(!result.errors.contains("interrupted"), "\(result)")
            if command.contains("no-wait") { #expect(result.exitCode == 5, "\(result)") }
        }
        #expect(
            try project.sentio("runs", "query", "--csv", "SELECT status FROM v_runs ORDER BY started_at LIMIT 1").lines
                .last == "running")
        try project.write("", to: "go")
        let end = try first.finish()
        #expect(end.exitCode == 0, "\(end)")
        #expect(try project.read("slow.txt") == Data("begun\n".utf8))
        #expect(try project.names(in: "artifacts/tmp").filter { $0.hasPrefix("attempt-") } == [])
    }

    /// A run that is killed in one container is seen to be over from the other, where its number is another process's.
    @Test func aKilledRunIsSeenFromTheOther() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: \"touch begun; sleep 600\" } }\n", to: "p.yaml")
        let first = try project.startShell("exec unshare --pid --fork --mount-proc --kill-child \"$SENTIO\" run p.yaml")
        try CommandLineProject.wait(for: "the run") { project.exists("begun") }
        first.send(SIGKILL)
        _ = try? first.finish()
        try CommandLineProject.wait(for: "its end") {
            try project.shell("unshare --pid --fork --mount-proc \"$SENTIO\" runs list").output.contains("interrupted")
        }
        let next = try project.shell("unshare --pid --fork --mount-proc \"$SENTIO\" plan p.yaml")
        #expect(next.exitCode == 0)
        #expect(
            try project.names(in: "artifacts/tmp").filter { $0.hasPrefix("attempt") } == [], "its attempt is cleared")
    }
}
