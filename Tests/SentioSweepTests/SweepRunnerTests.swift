import Foundation
import SentioEngine
import SentioKit
import SentioSpec
import Synchronization
import Testing

@testable import SentioSweep
@testable import SentioToys

/// The run store's twin: remembers how each cell's runs ended.
private final class MemoryHistory: SweepHistory {
    private let pasts = Mutex<[String: SweepCellPast]>([:])

    func past(of cell: SweepCell) -> SweepCellPast {
        pasts.withLock { $0[cell.label(replicates: 2)] ?? SweepCellPast() }
    }

    func note(_ outcome: RunOutcome, _ options: RunOptions) {
        pasts.withLock { pasts in
            let label = "\(options.sweep?.arm ?? "") #\(options.replicate)"
            pasts[label, default: SweepCellPast()].lastStatus = outcome.status
            pasts[label]?.message = outcome.stages.first { $0.state == .failed }?.message
            guard outcome.status == .succeeded else { return }
            pasts[label]?.succeeded = outcome.run
            pasts[label]?.keys = Dictionary(
                outcome.stages.compactMap { stage in stage.key.map { (stage.stage, $0.hash.hex) } },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }
}

/// Runs sweeps of toys and keeps what happened.
private final class SweepBench {
    let project: PipelineFolder
    var workspace: Workspace
    let history = MemoryHistory()
    let cancellation = Cancellation()
    let events = EventLog()
    /// Called when a run starts; may cancel.
    var willRun: @Sendable (RunOptions) -> Void = { _ in }

    init(_ yaml: String) throws {
        project = try PipelineFolder()
        workspace = try Workspace(path: project.path + "/artifacts")
        try project.write(yaml, to: "p.yaml")
        for (id, text) in [("a", "1"), ("b", "2")] { try project.song(id, text) }
    }

    /// Opens the workspace anew, as the next process does.
    private func reopen() throws { workspace = try Workspace(path: project.path + "/artifacts") }

    /// An ordinary run beside the sweep.
    func plainRun(_ yaml: String, sets: [String] = []) async throws -> RunOutcome {
        let pipeline = try project.pipeline(yaml, sets: sets)
        try reopen()
        return await Engine(workspace: workspace).run(pipeline, options: RunOptions(jobs: 2))
    }

    func survey(_ configure: (inout SweepOptions) -> Void = { _ in }, keepGoing: Bool = false, waits: Bool = true)
        throws -> SweepSurvey
    {
        try reopen()
        var load = LoadOptions(), options = RunOptions(jobs: 2)
        configure(&load.sweep)
        options.keepGoing = keepGoing
        options.waiting = waits ? .standard : .never
        let sweep = try Sweep(path: project.path + "/p.yaml", options: load, registry: Toys.registry)
        return SweepSurvey(sweep, workspace: workspace, history: history, options: options)
    }

    func run(
        _ configure: (inout SweepOptions) -> Void = { _ in }, only: SweepSelection? = nil, keepGoing: Bool = false,
        waits: Bool = true,
        report: @escaping @Sendable (SweepEvent) -> Void = { _ in }
    ) async throws -> SweepOutcome {
        let survey = try survey(configure, keepGoing: keepGoing, waits: waits)
        let engine = Engine(workspace: workspace, sinks: [events])
        let history = history, cancellation = cancellation, willRun = willRun
        let runner = SweepRunner(survey, only: only, cancellation: cancellation, report: report) { pipeline, options in
            willRun(options)
            let outcome = await engine.run(pipeline, options: options, cancellation: cancellation)
            history.note(outcome, options)
            return outcome
        }
        return await runner.run(survey.plan())
    }
}

extension SweepOutcome {
    /// `factor=1 done, factor=2 failed`.
    fileprivate var states: String {
        cells.map { "\($0.cell.arm)\($0.cell.replicate > 0 ? "#\($0.cell.replicate)" : "") \($0.state.rawValue)" }
            .joined(separator: ", ")
    }
}

@Suite struct SweepRunnerTests {
    private static let yaml = """
        pipeline: toy
        params: { factor: 1 }
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs }, with: { factor: "${factor}" } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
          r: { uses: toy-random }
          late: { uses: toy-random }
        sweep:
          parameters: { factor: { values: [1, 2, 3] } }
          replicates: { count: 2, seeds: [r] }
          metric: { name: sum.total, goal: maximize }
          expect:
            - "mean(sum.total, factor=3) > mean(sum.total, factor=1) + 5"
            - "std(sum.total, factor=2) == 0"
            - "sum.total >= 4"

        """

    @Test func whatCellsShareRunsOnce() async throws {
        let bench = try SweepBench(Self.yaml)
        let outcome = try await bench.run()
        #expect(
            outcome.states
                == "factor=1 done, factor=2 done, factor=3 done, factor=1#1 done, factor=2#1 cached, factor=3#1 cached")
        #expect(outcome.status == .succeeded)
        let started = bench.events.started
        #expect(started.count { $0 == "songs" } == 1 && started.count { $0 == "late" } == 1)
        #expect(started.count { $0 == "scaled" } == 3 && started.count { $0 == "sum" } == 3)
        #expect(started.count { $0 == "r" } == 2, "one for each replicate")
        #expect(
            started.prefix(5).sorted() == ["late", "r", "scaled", "songs", "sum"],
            "the first cell is whole before the next begins")
        #expect(outcome.cells.map { $0.metrics?["sum"]?["total"] } == [3, 6, 9, 3, 6, 9])
        #expect(outcome.expectations.map(\.holds) == [true, true, false] && outcome.exitCode == 6)
        #expect(
            outcome.expectations.map(\.evidence) == [
                "mean(sum.total, factor=3) is 9.0 (2 cells), mean(sum.total, factor=1) is 3.0 (2 cells)",
                "std(sum.total, factor=2) is 0.0 (2 cells)", "not in 2 of 6 cells; in factor=1 #0 it is 3.0",
            ])
    }

    @Test func replicateZeroIsThePlainRunAndArmsArePaired() async throws {
        let bench = try SweepBench(Self.yaml)
        _ = try await bench.run()
        let plain = try await bench.plainRun(Self.yaml)
        #expect(plain.stages.allSatisfy { $0.state == .cached })
        let survey = try bench.survey()
        let keys = survey.plan().cells.map { cell in cell.stages.first { $0.stage == "r" }?.record?.key }
        #expect(Set(keys.prefix(3)).count == 1 && Set(keys.suffix(3)).count == 1 && keys[0] != keys[3])
    }

    @Test func aSweepIsADesiredState() async throws {
        let bench = try SweepBench(Self.yaml)
        _ = try await bench.run()
        let again = try await bench.run()
        #expect(again.states.split(separator: ",").allSatisfy { $0.hasSuffix("cached") })
        #expect(again.cells.allSatisfy { $0.run != nil && $0.metrics != nil } && bench.events.started.count == 10)
        let more = try await bench.run {
            $0.matrix = ["factor=1,2,3,4"]
            $0.replicates = 1
        }
        #expect(more.states == "factor=1 cached, factor=2 cached, factor=3 cached, factor=4 done")
        #expect(Array(bench.events.started.dropFirst(10)).sorted() == ["scaled", "sum"])
        try bench.project.song("a", "5")
        let survey = try bench.survey()
        guard case .missing(let why) = survey.plan().cells[0].state else {
            Issue.record("a changed song is not done"); return
        }
        #expect(why.contains("songs: "))
        #expect(try await bench.run().states.hasPrefix("factor=1 done, factor=2 done"))
    }

    /// All stages are in the cache, but the run that stands for the cell is of other songs.
    @Test func aRunOfOtherSongsIsNotDoneThoughAllIsCached() async throws {
        let bench = try SweepBench(Self.yaml), first = try await bench.run()
        try bench.project.song("a", "5")
        _ = try await bench.plainRun(Self.yaml, sets: ["factor=2"])
        #expect(try bench.survey().plan().cells[1].state == .missing("its stages differ from those of its last run"))
        let again = try await bench.run()
        #expect(again.cells[1].state == .cached && again.cells[1].run != first.cells[1].run)
        #expect(again.cells[1].metrics?["sum"]?["total"] == 14)
    }

    @Test func aPriceCountsSharedStagesOnce() async throws {
        let bench = try SweepBench(Self.yaml)
        let before = try bench.survey().plan()
        #expect(
            before.price.stages == 10 && before.price.pending == 10 && before.price.sum.unknown == 10
                && before.done == 0)
        #expect(before.cells.map(\.state) == Array(repeating: .missing("never run"), count: 6))
        _ = try await bench.run()
        #expect(try bench.survey().plan().price.hits == 10)
        let after = try bench.survey { $0.matrix = ["factor=1,7"] }.plan()
        #expect(after.price.pending == 2 && after.price.sum.unknown == 0 && after.price.bytes > 0 && after.done == 2)
    }

    private static let failing = """
        params: { text: x }
        stages:
          a: { uses: toy-constant, with: { text: shared } }
          b: { uses: toy-constant, in: { after: a }, with: { text: "${text}" } }
        sweep: { parameters: { text: { values: [u, fail, v, w] } }, expect: ["b.total > 1"] }

        """

    @Test func aFailureStopsUnlessItGoesOn() async throws {
        let bench = try SweepBench(Self.failing)
        let first = try await bench.run()
        #expect(first.states == "text=u done, text=fail failed, text=v missing, text=w missing")
        #expect(first.cells[1].message == "b: It was told to fail." && first.cells[2].message == "never run")
        #expect(first.status == .failed && first.exitCode == 1)
        #expect(first.expectations.map(\.evidence) == ["b.total: 3 of 4 cells are missing"])
        let only = try await bench.run(only: .failed)
        #expect(only.states == "text=u cached, text=fail failed, text=v missing, text=w missing")
        #expect(bench.events.started == ["a", "b", "b", "b"])
        let missing = try await bench.run(only: .missing)
        #expect(missing.states == "text=u cached, text=fail failed, text=v done, text=w done" && missing.exitCode == 1)
        #expect(bench.events.started.count == 6)
        #expect(try await bench.run(keepGoing: true).exitCode == 1 && bench.events.started.count == 7)
    }

    @Test func stoppedItGoesOnWhereItWas() async throws {
        let bench = try SweepBench(Self.yaml)
        let cancellation = bench.cancellation
        bench.willRun = { options in if options.sweep?.arm == "factor=2" { cancellation.cancel() } }
        let stopped = try await bench.run()
        #expect(stopped.status == .interrupted && stopped.expectations.isEmpty)
        #expect(
            stopped.cells[0].state == .done && stopped.cells[1].state == .missing
                && stopped.cells[1].message == "interrupted")
        #expect(stopped.cells.dropFirst(2).allSatisfy { $0.state == .missing })
    }

    @Test func aCellThatAnotherProcessRunsIsLeftToIt() async throws {
        let bench = try SweepBench(
            Self.failing.replacingOccurrences(of: "fail, ", with: "").replacingOccurrences(
                of: "b.total > 1", with: "a.x > 0"))
        let sweep = try bench.survey().sweep
        let lock =
            bench.project.path + "/artifacts/tmp/locks/sweep-" + Hashing.content("\(sweep.id)\0text=u\0" + "0").hex
        let held = try FileLock.attempt(lock)
        let busy = Mutex<[String]>([])
        let outcome = try await bench.run(waits: false) { event in
            if case .cellBusy(let cell, _) = event { busy.withLock { $0.append(cell.arm) } }
        }
        #expect(outcome.states == "text=u missing, text=v done, text=w done" && outcome.exitCode == 5)
        #expect(outcome.cells[0].message?.hasPrefix("being run by pid ") == true && busy.withLock { $0 } == ["text=u"])
        withExtendedLifetime(held) {}
    }
}
