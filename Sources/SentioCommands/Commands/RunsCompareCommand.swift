import ArgumentParser
import SentioKit
import SentioLearn
import SentioReport
import SentioRunStore

/// `runs compare`, and for short `compare`.
struct RunsCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs side by side: what differs, and whether one is better than the other by more than chance.",
        discussion: """
            RUN is an id, the beginning of one, a name, or `latest`; RUN:STAGE compares another scoring stage than the last that \
            all have, so that `latest:svr_score latest:gbdt_score` compares two models of one run. With --sweep the arms are the \
            sweep's cells, replicates paired by their seeds. Intervals are 95 %; docs/comparing.md says how they are made.

            Exit codes: 0 done, 1 the runs cannot be compared, 64 usage.
            """)

    @Argument(help: "Two runs or more.")
    var runs: [String] = []
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Flag(name: .long, help: "Everything, not only what differs.")
    var all = false

    @Option(name: .long, help: "Compare the arms of a sweep: an id, the beginning of one, a name, or `latest`.")
    var sweep: String?

    @Option(name: .long, help: "The swept number whose dose–response is wanted, such as `ratio`.")
    var over: String?

    @OptionGroup var options: ComparisonOptions

    func validate() throws {
        if sweep == nil, runs.count < 2 { throw ValidationError("Name at least two runs, or --sweep.") }
        if sweep != nil, !runs.isEmpty { throw ValidationError("Name runs or --sweep, not both.") }
        if over != nil, sweep == nil { throw ValidationError("--over needs --sweep.") }
    }

    func run() throws {
        do { try compare(try workspace.runStore()) } catch let code as ExitCode { throw code } catch let error as ValidationError {
            throw error
        } catch { throw failed(error) }
    }

    private func compare(_ store: RunStore) throws {
        let selection =
            try sweep.map { try ArmSelection(sweep: $0, over: over, in: store) } ?? ArmSelection(runs: runs, in: store)
        let sheet = try store.compare(Self.unique(selection.runs), onlyDifferences: !all)
        var songs: Result<ComparedSongs, any Error>
        do {
            let facts = (try? workspace.open()).map { workspace in
                selection.runs.last.flatMap { try? RunArtifacts(store.details($0), source: WorkspaceArtifacts(workspace)).songFacts }
            }
            songs = .success(try ComparedSongs(selection, options: options, over: over, facts: (facts ?? nil) ?? .none))
        } catch let error as ValidationError { throw error } catch { songs = .failure(error) }
        if case .failure(let error) = songs, selection.sweep != nil { throw error }
        if format.json {
            var value = sheet.value.map ?? [:]
            value["schema"] = 1
            switch songs {
            case .success(let compared): value["songs"] = compared.value
            case .failure(let error): value["songs_error"] = .string("\(error)")
            }
            return Output.json(.map(value))
        }
        let width = Terminal.standardOutput().width
        if selection.sweep == nil { RunText.lines(sheet, remarks: false).forEach(Output.line) }
        switch songs {
        case .success(let compared): CompareText.lines(compared, width: width).forEach(Output.line)
        case .failure(let error): Output.line("\nnote: \(error)")
        }
        for remark in sheet.remarks { Output.line("note: \(remark)") }
    }

    private static func unique(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}
