import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsSweepsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweeps", abstract: "List sweeps, or the cells of one with their runs.")

    @Argument(
        help: ArgumentHelp(
            "Sweep id, prefix of an id, name, or `latest`. Default: list all sweeps.", valueName: "sweep"))
    var wanted: String?
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        do {
            let store = try workspace.runStore()
            guard let wanted else { return list(try store.sweeps()) }
            show(try store.sweepDetails(try store.sweep(matching: wanted)))
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }

    private func list(_ sweeps: [SweepSummary]) {
        if format.json { return Output.json(["schema": 1, "sweeps": .list(sweeps.map(\.value))]) }
        guard !sweeps.isEmpty else { return Output.line("No sweeps.") }
        var table = TextTable(["sweep", "last started", "pipeline", "done", "failed", "file"], right: [3, 4])
        for sweep in sweeps {
            table.rows.append([
                sweep.id, Words.date(sweep.declaredAt), sweep.pipeline, "\(sweep.done)/\(sweep.cells)",
                sweep.failed > 0 ? "\(sweep.failed)" : "", sweep.file,
            ])
        }
        Output.lines(table.lines(width: Terminal.standardOutput().width))
    }

    private func show(_ sweep: SweepDetails) {
        if format.json { return Output.json(.map((sweep.value.map ?? [:]).merging(["schema": 1]) { own, _ in own })) }
        var table = TextTable(["setting", "replicate", "run", "last", "why"], right: [1])
        for cell in sweep.cells {
            let why = cell.last?.message ?? (cell.isWanted ? "" : "no longer wanted")
            table.rows.append([
                cell.arm, "\(cell.replicate)", cell.run ?? "", cell.last?.status.rawValue ?? "missing", why,
            ])
        }
        Output.lines(table.lines(width: Terminal.standardOutput().width))
        Output.line("")
        Output.line(
            "\(sweep.summary.done) of \(Words.count(sweep.summary.cells, "cell")) done. sweep \(sweep.summary.id)")
    }
}
