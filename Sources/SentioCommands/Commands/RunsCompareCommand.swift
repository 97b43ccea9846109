import ArgumentParser
import SentioKit
import SentioLearn
import SentioReport
import SentioRunStore

/// `runs compare`, or `compare` for short.
struct RunsCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare runs side by side: what differs, and whether one is significantly better.",
        discussion: """
            RUN is an id, a prefix of an id, a name, or `latest`. RUN:STAGE selects a scoring stage other than the \
            default; `latest:svr_score latest:gbdt_score` compares two models of one run. With --sweep, the arms are \
            the settings of the sweep, and replicates are paired by their seeds. Intervals are 95 %; \
            docs/comparing.md explains how they are computed.

            Exit codes: 0 done, 1 the runs cannot be compared, 64 usage.
            """)

    @Argument(help: "Two or more runs.")
    var runs: [String] = []
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Flag(name: .long, help: "Show everything, not only what differs.")
    var all = false

    @Option(name: .long, help: "Compare the arms of a sweep: id, prefix of an id, name, or `latest`.")
    var sweep: String?

    @Option(name: .long, help: "The swept number for a dose–response analysis, such as `ratio`.")
    var over: String?

    @OptionGroup var options: ComparisonOptions

    func validate() throws {
        if sweep == nil, runs.isEmpty {
            throw ValidationError("Name at least two runs, two stages of one run (RUN:STAGE), or --sweep.")
        }
        if sweep != nil, !runs.isEmpty { throw ValidationError("Name runs or --sweep, not both.") }
        if over != nil, sweep == nil { throw ValidationError("--over requires --sweep.") }
    }

    func run() throws {
        do { try compare(try workspace.runStore()) } catch let code as ExitCode { throw code } catch let error
            as ValidationError
        {
            throw error
        } catch { throw failed(error) }
    }

    private func compare(_ store: RunStore) throws {
        if sweep == nil, runs.count == 1 { throw try singleRunError(runs[0], store) }
        let selection =
            try sweep.map { try ArmSelection(sweep: $0, over: over, in: store) } ?? ArmSelection(runs: runs, in: store)
        let sheet = try store.compare(Self.unique(selection.runs), onlyDifferences: !all)
        var songs: Result<ComparedSongs, any Error>
        do {
            let facts = (try? workspace.open()).map { workspace in
                selection.runs.last.flatMap {
                    try? RunArtifacts(store.details($0), source: WorkspaceArtifacts(workspace)).songFacts
                }
            }
            songs = .success(try ComparedSongs(selection, options: options, over: over, facts: (facts ?? nil) ?? .none))
        } catch let error as ValidationError { throw error } catch { songs = .failure(error) }
        if case .failure(let error) = songs, selection.sweep != nil || (error as? ComparisonError)?.isOfNames ?? false {
            throw error
        }
        if format.json {
            var value = sheet.value.map ?? [:]
            value["schema"] = 1
            switch songs {
            case .success(let compared): value["songs"] = compared.value
            case .failure(let error): value["songs_error"] = .string("\(error)")
            }
            return Output.json(.map(value))
        }
        let width = Terminal.standardOutput().width, text = try? songs.get()
        var lines: [String] = []
        switch songs {
        case .success(let compared): lines = CompareText.verdicts(compared, width: width)
        case .failure(let error): lines = ["No verdict: \(error)"]
        }
        let warnings = WarningDigest(try store.warnings(Self.unique(selection.runs))).lines(
            limit: all ? nil : Self.mostWarnings)
        lines += warnings.map { "warning: \(Words.plain($0))" }
        lines += ((text.map(CompareText.notes) ?? []) + sheet.remarks).map { "note: \($0)" }
        if let text { lines += CompareText.tables(text, width: width) }
        if selection.sweep == nil { lines += [""] + (try differences(sheet, selection, store)) }
        if let text { lines += CompareText.songs(text, width: width) }
        Output.text(lines)
    }

    /// The error for a single run, whose own stages can be compared.
    private func singleRunError(_ text: String, _ store: RunStore) throws -> ValidationError {
        let selection = try ArmSelection(runs: [text], in: store)
        var stages: [String] = []
        for column in selection.arms[0].runs[0].columns where !stages.contains(column.stage) {
            stages.append(column.stage)
        }
        guard stages.count > 1, selection.stages == [nil] else {
            return ValidationError("Name a second run to compare `\(text)` with.")
        }
        let example = "compare \(text):\(stages[stages.count - 2]) \(text):\(stages[stages.count - 1])"
        return ValidationError(
            "Name a second run, or two stages of this one, such as `\(example)`. It has scores of "
                + "\(Words.list(stages))."
        )
    }

    private static let mostWarnings = 6

    /// How the runs differ; for two stages of one run, which stages only one of them depends on.
    private func differences(_ sheet: RunComparison, _ selection: ArmSelection, _ store: RunStore) throws -> [String] {
        let width = Terminal.standardOutput().width
        guard sheet.runs.count == 1 else { return SheetText(sheet: sheet, all: all, width: width).lines }
        let stages = selection.stages.compactMap { $0 }, details = try store.details(sheet.runs[0].id)
        guard Set(stages).count > 1 else { return ["Run \(sheet.runs[0].id) is compared with itself."] }
        let upstream = stages.map { details.upstream(of: $0) }
        return ["All are stages of run \(sheet.runs[0].id)."]
            + stages.indices.compactMap { index in
                let others = upstream.indices.filter { $0 != index }.map { Set(upstream[$0].map(\.stage)) }
                let own = upstream[index].filter { stage in others.allSatisfy { !$0.contains(stage.stage) } }
                let rows = Rows(own.map { (name: $0.stage, row: $0.copies) }).collapse(own, name: \.stage)
                return own.isEmpty
                    ? nil
                    : "Only \(stages[index]) depends on "
                        + "\(rows.map { "\($0.row) (\($0.elements[0].kind))" }.joined(separator: ", "))."
            }
    }

    private static func unique(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}
