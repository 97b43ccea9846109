import SentioKit
import SentioRunStore
import SentioSpec
import SentioSweep

/// Answers the engine's questions about the cells of a sweep from the run store. Without a readable store no cell has a
/// past: every cell runs, and cached results are still reused.
struct StoreSweepHistory: SweepHistory {
    let store: RunStore?
    let sweep: String

    func past(of cell: SweepCell) -> SweepCellPast {
        guard let found = try? store?.sweepCell(sweep, arm: cell.arm, replicate: cell.replicate) else {
            return SweepCellPast()
        }
        let keys = found.run.flatMap { run in try? store?.stageKeys(run: run) } ?? [:]
        return SweepCellPast(
            succeeded: found.run, keys: keys, lastStatus: found.last?.status, message: found.last?.message)
    }
}

extension SweepDeclaration {
    init(_ sweep: Sweep, declaredAt: Double) {
        self.init(
            id: sweep.id, name: sweep.name, pipeline: sweep.base.name, file: sweep.base.path,
            profile: sweep.base.profile,
            spec: sweep.description, declaredAt: declaredAt,
            cells: sweep.cells.map { cell in
                Cell(
                    arm: cell.arm, replicate: cell.replicate,
                    parameters: cell.parameters.map { Parameter(name: $0.name, value: $0.value) })
            })
    }
}
