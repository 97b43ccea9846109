import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct SweepTests {
    private static func cell(_ ratio: Value, _ replicate: Int) -> SweepDeclaration.Cell {
        .init(
            arm: "ratio=\(ratio.text)", replicate: replicate,
            parameters: [.init(name: "ratio", value: ratio), .init(name: "ast.dim", value: "wide")])
    }

    private static func sweep(
        _ cells: [SweepDeclaration.Cell], id: String = "ablation-1", at time: Double = 5
    ) -> SweepDeclaration {
        SweepDeclaration(
            id: id, name: "ablation", pipeline: "phase4", file: "/lab/phase4.yaml", profile: "demo",
            spec: ["method": "grid"],
            declaredAt: time,
            cells: cells)
    }

    private static let four = [cell(0, 0), cell(0.5, 0), cell(0, 1), cell(0.5, 1)]

    private func run(_ id: String, _ arm: String, _ replicate: Int) -> RunDescription {
        var run = description(id)
        run.replicate = replicate
        run.sweep = .init(id: "ablation-1", arm: arm)
        return run
    }

    @Test func cellsStandBeforeTheirRunsAndNameThem() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        try store.declare(Self.sweep(Self.four))
        #expect(try store.sweepDetails("ablation-1").cells.map(\.run) == [nil, nil, nil, nil])
        #expect(store.record(run("r1", "ratio=0", 0), [outcome("score")]) == [])
        #expect(store.record(run("r2", "ratio=0", 0), [outcome("score")]) == [])
        #expect(
            store.record(run("r3", "ratio=0.5", 1), [outcome("ridge", .failed, message: "no songs")], status: .failed)
                == [])

        let details = try store.sweepDetails(try store.sweep(matching: "ablation"))
        #expect(details.parameters == ["ratio", "ast.dim"] && details.spec == ["method": "grid"])
        #expect(details.summary.cells == 4 && details.summary.done == 1 && details.summary.failed == 1)
        #expect(details.cells.map(\.run) == ["r2", nil, nil, nil])
        #expect(details.cells.map(\.replicate) == [0, 0, 1, 1] && details.cells.map(\.position) == [0, 1, 2, 3])
        #expect(
            details.cells[1].parameters == [.init(name: "ratio", value: 0.5), .init(name: "ast.dim", value: "wide")])
        #expect(details.cells[3].last == .init(id: "r3", status: .failed, message: "ridge: no songs"))
        #expect(try store.runs(sweep: "ablation-1").map(\.id).sorted() == ["r1", "r2", "r3"])
        #expect(try store.runs()[0].sweep == "ablation-1")
        #expect(try store.sweepCell("ablation-1", arm: "ratio=0", replicate: 0)?.run == "r2")
        #expect(try store.sweepCell("ablation-1", arm: "ratio=7", replicate: 0) == nil)
        #expect(try store.stageKeys(run: "r1") == ["score": key("score").hash.hex])
        #expect(
            try store.query(
                "SELECT value, replicate, run FROM v_sweep_cells JOIN v_sweep_parameters USING (sweep, arm, replicate) WHERE name = 'ratio' ORDER BY v_sweep_cells.position"
            ).rows
                == [[0, 0, "r2"], [0.5, 0, .null], [0, 1, .null], [0.5, 1, .null]])
    }

    @Test func declaredAgainItKeepsWhatWasRunAndSaysWhatIsNotWantedAnyMore() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        try store.declare(Self.sweep(Self.four))
        #expect(store.record(run("r1", "ratio=0", 1), [outcome("score")]) == [])
        try store.declare(Self.sweep([Self.cell(2, 0), Self.cell(0.5, 0)], at: 9))
        let details = try store.sweepDetails("ablation-1")
        #expect(details.cells.map(\.arm) == ["ratio=2", "ratio=0.5", "ratio=0", "ratio=0", "ratio=0.5"])
        #expect(details.cells.map(\.isWanted) == [true, true, false, false, false])
        #expect(details.cells[3].run == "r1")
        #expect(details.summary.createdAt == 5 && details.summary.declaredAt == 9 && details.summary.cells == 2)
    }

    @Test func sweepsAreFoundByIDBeginningAndName() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(throws: RunStoreError.noSweeps) { try store.sweep(matching: "latest") }
        try store.declare(Self.sweep(Self.four, id: "ablation-1a"))
        try store.declare(Self.sweep([Self.cell(1, 0)], id: "ablation-2b", at: 9))
        #expect(try store.sweep(matching: "latest") == "ablation-2b")
        #expect(try store.sweep(matching: "ablation") == "ablation-2b", "the one started last")
        #expect(try store.sweep(matching: "ablation-1") == "ablation-1a")
        #expect(throws: RunStoreError.ambiguousSweep("abl", candidates: ["ablation-2b", "ablation-1a"])) {
            try store.sweep(matching: "abl")
        }
        #expect(throws: RunStoreError.unknownSweep("ablatoin", nearest: "ablation")) {
            try store.sweep(matching: "ablatoin")
        }
        #expect(try store.sweeps().map(\.cells) == [1, 4])
        try store.declare(Self.sweep(Self.four, id: "ablation-1a", at: 20))
        #expect(try store.sweep(matching: "latest") == "ablation-1a", "started again after the other")
    }

    @Test func aRunOfASweepThatIsNotDeclaredIsRecordedByItself() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        #expect(store.record(run("r1", "ratio=0", 0), [outcome("score")]) == [])
        #expect(try store.runs().map(\.sweep) == [nil])
    }
}
