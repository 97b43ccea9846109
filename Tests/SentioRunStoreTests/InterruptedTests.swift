import Foundation
import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct InterruptedTests {
    /// A store in which process 100 (started at 5000, on `lab`, boot 1) left a run that never ended.
    private func unfinished() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(
            store.record([
                .runStarted(description("r1")),
                .stageStarted(StageStart(stage: "ridge", kind: "ridge", reason: RunReason(.neverRun))),
            ]) == [])
        return folder
    }

    @Test func livingProcessIsLeftAlone() throws {
        let folder = try unfinished()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(try store.markInterrupted() == [])
        #expect(try store.runs().map(\.status) == [.running])
    }

    @Test(arguments: [
        FakeProbe(alive: [:]), FakeProbe(alive: [100: "9999"]), FakeProbe(boot: "boot-2"),
    ])
    func goneProcess(_ probe: FakeProbe) throws {
        let folder = try unfinished()
        let store = try RunStore.open(path: folder.file(), probe: probe)
        #expect(try store.markInterrupted() == ["r1"])
        #expect(try store.markInterrupted() == [])
        let run = try #require(try store.runs().first)
        #expect(run.status == .interrupted)
        #expect(run.endedAt != nil && (run.seconds ?? -1) >= 0 && run.isCutOff)
        #expect(try store.details("r1").stages.map(\.state) == ["interrupted"])
    }

    @Test func otherHostIsLeftAlone() throws {
        let folder = try unfinished()
        let store = try RunStore.open(
            path: folder.file(), probe: FakeProbe(host: "cluster", boot: "boot-9", alive: [:]))
        #expect(try store.runs().map(\.status) == [.running])
        #expect(try store.markInterrupted() == [])
    }

    @Test func runGivenUpTooSoonPutsItselfRight() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        let recorder = RunRecorder(store: store) { _ in }
        recorder.receive(.runStarted(description("r1")))
        recorder.finish()
        let other = try RunStore.open(path: folder.file(), probe: FakeProbe(alive: [:]))
        #expect(try other.markInterrupted() == ["r1"])
        #expect(try store.runs().map(\.status) == [.interrupted])
        recorder.receive(.warning(stage: nil, sentence: "still here"))
        recorder.finish()
        #expect(try store.runs().map(\.status) == [.running])
        recorder.receive(.runFinished(RunOutcome(run: "r1", status: .succeeded, seconds: 1, stages: [])))
        recorder.finish()
        #expect(try store.runs().map(\.status) == [.succeeded])
    }

    @Test func startTimeOfACommandWithBrackets() {
        let fields = (3...52).map(String.init).joined(separator: " ")
        #expect(SystemProcessProbe.start(stat: "4242 (a) b (c) \(fields)") == "22")
        #expect(SystemProcessProbe.start(stat: "4242 (short) 1 2") == nil)
        #expect(SystemProcessProbe.start(stat: "") == nil)
    }

    @Test func thisProcessLives() {
        let probe = SystemProcessProbe()
        let own = probe.identity(of: Int(ProcessInfo.processInfo.processIdentifier))
        #expect(!probe.isGone(own))
        #expect(probe.isGone(ProcessIdentity(processID: 0x7FFF_FFFE, start: "1", boot: own.boot, host: own.host)))
        #expect(probe.isGone(ProcessIdentity(processID: -1, start: nil, boot: own.boot, host: own.host)))
    }
}
