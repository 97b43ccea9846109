import Foundation
import Testing

/// Stopping a run, politely or not, and two runs at once.
@Suite struct RunSignalTests {
    /// The second stage says by a file that it runs, and stays until it is stopped or told to go.
    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try project.write(
            """
            pipeline: slow
            stages:
              quick: { uses: command, cmd: echo 1 > quick.txt, outs: [quick.txt] }
              slow:
                uses: command
                deps: [quick.txt]
                cmd: "touch started; until test -e go; do sleep 0.05; done; echo 2 > slow.txt"
                outs: [slow.txt]
            """, to: "p.yaml")
        return project
    }

    private func startSlow(_ project: CommandLineProject, _ more: String...) throws -> RunningCommand {
        let running = try RunningCommand(
            CommandLineProject.binary, ["run", "p.yaml", "--json"] + more, in: project.path, environment: [:])
        try CommandLineProject.wait(for: "the slow stage to start") { project.exists("started") }
        return running
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)])
    func aSignalStopsCleanlyAndTheNextRunGoesOn(signal: Int32, code: Int) throws {
        let project = try project()
        let running = try startSlow(project)
        running.send(signal)
        let stopped = try running.finish()
        #expect(Int(stopped.exitCode) == code && !stopped.wasKilled, "\(stopped)")
        #expect(stopped.errors.contains("Stopping; finished work is kept."))
        #expect(try stopped.finished["status"].text == "interrupted")
        #expect(try stopped.states == "quick executed, slow skipped")
        let listed = try project.sentio("runs", "list", "--json").json["runs"][0]
        #expect(listed["status"].text == "interrupted" && listed["cut_off"].bool == false)
        #expect(!project.exists("slow.txt"))
        try project.write("", to: "go")
        let next = try project.sentio("run", "p.yaml", "--json")
        #expect(next.exitCode == 0)
        #expect(try next.states == "quick cached, slow executed")
    }

    @Test func aSecondSignalKillsWhatDoesNotStop() throws {
        let project = try CommandLineProject()
        let command =
            "trap '' TERM INT HUP; echo $$ > started.new; mv started.new started; while true; do sleep 0.05; done"
        try project.write("stages: { deaf: { uses: command, cmd: \"\(command)\" } }\n", to: "p.yaml")
        let running = try startSlow(project)
        running.send(SIGINT)
        try CommandLineProject.wait(for: "the answer to the first signal") {
            running.errors.contains("Interrupt again to kill what is still running.")
        }
        running.send(SIGINT)
        // Foundation sees the end only when the process and what inherited its descriptors are gone: so the command is
        // gone too.
        #expect(try running.finish(timeout: 60).exitCode == 130)
        let pid = try project.shell("cat started").lines.first ?? ""
        // Who collects it now may take a moment, or never do it: then it is a zombie.
        let isGone = "kill -0 \(pid) 2>/dev/null || exit 0; grep -q '^State:.Z' /proc/\(pid)/status"
        try CommandLineProject.wait(for: "the end of the command") { try project.shell(isGone).exitCode == 0 }
    }

    @Test func underNohupTheEndOfTheTerminalChangesNothing() throws {
        let project = try project()
        let running = try RunningCommand(
            "/bin/bash", ["-c", "trap '' HUP; exec \"$SENTIO\" run p.yaml --json"], in: project.path,
            environment: ["SENTIO": CommandLineProject.binary])
        try CommandLineProject.wait(for: "the slow stage to start") { project.exists("started") }
        running.send(SIGHUP)
        try project.write("", to: "go")
        let end = try running.finish()
        #expect(end.exitCode == 0, "\(end)")
        #expect(try end.states == "quick executed, slow executed")
    }

    @Test func aRunWaitsAsLongAsItIsTold() throws {
        let project = try project()
        let running = try startSlow(project)
        let second = try project.sentio("run", "p.yaml", "--wait", "0s")
        #expect(second.exitCode == 5, "\(second)")
        #expect(
            second.errors.contains(
                "The outputs of `quick` are being written by pid \(running.process.processIdentifier) on "))
        #expect(second.errors.contains("--wait sets how long a run waits."))
        #expect(try project.sentio("run", "p.yaml", "--wait", "soon").exitCode == 64)
        try project.write("", to: "go")
        #expect(try running.finish().exitCode == 0)
    }

    @Test func aReaderThatGoesAwayDoesNotStopTheRun() throws {
        let project = try DemoProject.copy()
        let run = try project.shell("\"$SENTIO\" run p.yaml --json --force table | head -n 1; exit ${PIPESTATUS[0]}")
        #expect(run.exitCode == 141, "\(run)")
        #expect(run.lines.count == 1)
        #expect(try project.sentio("runs", "list", "--json").json["runs"][0]["status"].text == "succeeded")
    }

    @Test func withoutWaitingABusyStageIsFive() throws {
        let project = try project()
        let running = try startSlow(project)
        let second = try project.sentio("run", "p.yaml", "--no-wait")
        #expect(second.exitCode == 5, "\(second)")
        #expect(
            second.errors.contains(
                "The outputs of `quick` are being written by pid \(running.process.processIdentifier) on "))
        #expect(second.errors.contains("and this run does not wait (--no-wait)."))
        try project.write("", to: "go")
        #expect(try running.finish().exitCode == 0)
    }

    @Test func aSecondRunWaitsSaysSoAndTakesTheResult() throws {
        let project = try project()
        let running = try startSlow(project)
        let second = try project.start("run", "p.yaml", "--json")
        try CommandLineProject.wait(for: "the second run to say that it waits") {
            second.output.contains("Waiting for pid ")
        }
        try project.write("", to: "go")
        #expect(try running.finish().states == "quick executed, slow executed")
        let end = try second.finish()
        #expect(end.exitCode == 0)
        #expect(try end.states == "quick cached, slow cached")
    }

    @Test func aKilledRunIsMarkedInterruptedByTheNextProcessThatLooks() throws {
        let project = try project()
        let running = try startSlow(project, "--name", "doomed")
        running.send(SIGKILL)
        // Its command lives on, and Foundation sees the end of a process only when its children are gone too.
        try project.write("", to: "go")
        #expect(try running.finish().wasKilled)
        let list = try project.sentio("runs", "list", "--json").json
        #expect(list["runs"][0]["name"].text == "doomed")
        #expect(list["runs"][0]["status"].text == "interrupted" && list["runs"][0]["cut_off"].bool == true)
        #expect(try project.sentio("runs", "list").lines[1].contains(" at least "), "nobody saw when it ended")
        #expect(try project.sentio("runs", "show", "doomed").output.contains(", took at least "))
        let next = try project.sentio("run", "p.yaml", "--json")
        #expect(next.exitCode == 0)
        #expect(try next.states == "quick cached, slow executed")
    }
}
