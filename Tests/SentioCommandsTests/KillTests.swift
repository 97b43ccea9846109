import Foundation
import Testing

/// `kill -9` at any moment: the next run goes on, and what comes out is what an undisturbed run makes.
@Suite struct KillTests {
    @Test func killedTenTimesTheResultIsTheSame() throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "p.yaml")
        var state: UInt32 = 12_345, killed = 0
        for _ in 0..<10 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let running = try project.start("run", "p.yaml", "--json")
            // The moment is what is tried here; nothing below depends on how far the run has come.
            usleep(20_000 + state >> 8 % 480_000)
            running.send(SIGKILL)
            if try running.finish().wasKilled { killed += 1 }
        }
        let last = try project.sentio("run", "p.yaml", "--json")
        #expect(last.exitCode == 0, "\(last)")
        let undisturbed = try DemoProject.firstRun().finished
        for stage in undisturbed["stages"].list {
            for port in stage["outputs"].keys {
                #expect(
                    try last.finished["stages"][named: stage["name"].text]["outputs"][port].text
                        == stage["outputs"][port].text)
            }
        }
        #expect(killed > 0)
        let statuses = try project.sentio("runs", "list", "--last", "0", "--json").json["runs"].list.map {
            $0["status"].text
        }
        #expect(statuses.first == "succeeded")
        #expect(statuses.dropFirst().allSatisfy { $0 == "interrupted" || $0 == "succeeded" }, "\(statuses)")
        #expect(statuses.count { $0 == "interrupted" } <= killed)
        #expect(try project.sentio("artifacts", "verify").exitCode == 0)
        let left = try project.names(in: "artifacts/tmp").filter { $0.hasPrefix("blob-") || $0.hasPrefix("attempt-") }
        #expect(left.isEmpty, "what dead processes left is cleared: \(left)")
    }
}

/// What a killed run's command goes on doing must not mix with the next run's.
@Suite struct OrphanTests {
    @Test func aCommandThatOutlivesItsKilledRunStillHoldsItsStage() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages: { a: { uses: command, cmd: touch started; cat gate > out.txt, outs: [out.txt] } }\n", to: "p.yaml")
        // One script, at whose end the orphan is gone: Foundation waits for whatever inherits its descriptors.
        let script = """
            mkfifo gate
            "$SENTIO" run p.yaml >/dev/null 2>&1 & run=$!
            until [ -e started ]; do sleep 0.01; done
            kill -9 $run; wait $run 2>/dev/null
            timeout 20 "$SENTIO" run p.yaml --no-wait >/dev/null 2>&1; beside=$?; echo "beside the orphan $beside"
            [ $beside = 5 ] || { echo late > gate; exit 1; }
            echo late > gate; rm gate; echo fresh > gate
            "$SENTIO" run p.yaml >/dev/null 2>&1; echo "after it $?"
            cat out.txt
            """
        #expect(try project.shell(script).output == "beside the orphan 5\nafter it 0\nfresh\n")
    }

    @Test func aDaemonOfAKilledRunIsNamedByItsOwnNumber() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages: { a: { uses: command, cmd: \"setsid bash -c 'echo $$ > daemon; touch started; cat gate' & cat gate\", outs: [out.txt] } }\n",
            to: "p.yaml")
        let script = """
            mkfifo gate
            "$SENTIO" run p.yaml >/dev/null 2>&1 & run=$!
            until [ -e started ]; do sleep 0.01; done
            kill -9 $run; wait $run 2>/dev/null
            timeout 20 "$SENTIO" run p.yaml --wait 0s >/dev/null 2>said; echo "beside the daemon $?"
            grep -q "pid $(cat daemon) (" said && grep -q "which a killed run had started" said && echo named || cat said
            (echo late; sleep 0.1) > gate; kill $(cat daemon) 2>/dev/null; true
            """
        #expect(try project.shell(script).output == "beside the daemon 5\nnamed\n")
    }
}
