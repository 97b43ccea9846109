import ArgumentParser
import Foundation
import SentioEngine
import SentioKit
import SentioRunStore
import SentioSpec
import SentioSweep

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run a pipeline over a grid of parameters and replicates; only missing cells run.",
        discussion: """
            The cells are defined by the file's `sweep:` block, by --matrix, or by both. A sweep is a desired state: \
            run the same command again, and only cells that are missing, failed or no longer up to date run. Stages \
            that cells share run once. Several processes that run the same sweep in one workspace divide its cells.

            Exit codes: 0 done, 1 a cell failed, 3 invalid pipeline or sweep, 5 lock not obtained (--wait, --no-wait), \
            6 a claim or an expectation failed, 7 leakage, 64 usage, 129/130/143 stopped by a signal (run again to \
            resume).
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Vary a param or a stage's parameter over these values; repeatable.", valueName: "name=a,b,c"))
    var matrix: [String] = []

    @Option(
        name: .long,
        help: "Run every setting this many times, each with its own seeds; replicate 0 is the plain run.")
    var replicates: Int?

    @Option(name: .long, help: "How settings are chosen: grid, list, random or sobol.")
    var method: String?

    @Option(name: .long, help: "Maximum number of settings, replicates not counted.")
    var runCap: Int?

    @Flag(name: .long, help: "Show the cells and how long they would take; run nothing.")
    var plan = false

    @Option(name: .long, help: "Run only cells whose last run failed, or only missing cells.")
    var only: Selection?

    /// `SweepSelection`, as written on the command line.
    enum Selection: String, ExpressibleByArgument, CaseIterable { case failed, missing }

    @Option(name: [.long, .short], help: "Number of cores to use. Default: all.")
    var jobs: Int?

    @Flag(
        name: [.long, .customShort("k")],
        help: "After a failure, continue with other cells, and within a cell with independent stages.")
    var keepGoing = false

    @OptionGroup var wait: WaitOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Tag every run; repeatable.", valueName: "key=value"))
    var tag: [String] = []

    @Flag(name: [.long, .short], help: "Show the output of the stages.")
    var verbose = false

    @Flag(name: [.long, .short], help: "Show only cells, warnings, failures and the summary.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs must be a number from 1 to 4096.") }
        _ = try TagPairs.parse(tag, option: "--tag")
    }

    func run() async throws {
        let dirty = GitDirty(directory: Paths.directory(of: pipeline.file))
        let sweep = try load()
        let opened = try workspace.open()
        opened.prefetch()
        let history = plan ? nil : History(workspace: opened)
        let store = plan ? try? RunStore.openExisting(path: opened.runStorePath) : history?.store
        let survey = SweepSurvey(
            sweep, workspace: opened, history: StoreSweepHistory(store: store, sweep: sweep.id),
            options: try options(sweep, dirty))
        let planned = survey.plan(), text = SweepText(sweep: sweep, terminal: .standardOutput())
        if plan {
            guard format.json else { return Output.text(text.lines(planned)) }
            return Output.json(.map((planned.value.map ?? [:]).merging(Self.head(sweep)) { own, _ in own }))
        }
        try confirm(sweep, planned)
        do { try store?.declare(SweepDeclaration(sweep, declaredAt: Date().timeIntervalSince1970)) } catch {
            Output.error("warning: \(error) The sweep is not recorded.")
        }
        let outcome = await run(sweep, survey, planned, opened, history)
        if format.json {
            Output.json(outcome.value)
        } else {
            let runs = outcome.cells.filter(\.isFinished).compactMap(\.run)
            Output.text(text.lines(outcome, warnings: WarningDigest((try? store?.warnings(runs)) ?? [])))
        }
        let code = outcome.status == .interrupted ? Self.cancellation.exitCode : outcome.exitCode
        Output.exit(code)
    }

    private static let cancellation = Cancellation()

    private func load() throws -> Sweep {
        var options = pipeline.options
        options.sweep.matrix = matrix
        options.sweep.method = method
        options.sweep.replicates = replicates
        options.sweep.runCap = runCap
        let sweep = try pipeline.checked(json: format.json) {
            try Sweep(path: pipeline.file, options: options, registry: KnownKinds.registry)
        }
        for warning in sweep.warnings { Output.error(Words.warning(warning)) }
        return sweep
    }

    private func options(_ sweep: Sweep, _ dirty: GitDirty) throws -> RunOptions {
        var options = RunOptions(jobs: jobs ?? MachineInfo.cores)
        options.keepGoing = keepGoing
        options.waiting = wait.waiting
        options.tags = try TagPairs.parse(tag, option: "--tag")
        options.arguments = Array(CommandLine.arguments.dropFirst())
        options.environment = MachineInfo.environment(directory: sweep.base.directory)
        if let isDirty = dirty.result() { options.environment["git_dirty"] = .bool(isDirty) }
        return options
    }

    /// A typo in a grid must not fill a disk: thousands of cells run only if the number was confirmed.
    private func confirm(_ sweep: Sweep, _ planned: SweepPlan) throws {
        guard sweep.needsConfirmation, planned.done < planned.cells.count else { return }
        Output.error(
            "error: The sweep has \(sweep.cells.count) cells (\(SweepText.price(planned.price))). To run more than "
                + "\(Sweep.unconfirmedCells), set `run_cap:` or use --run-cap \(sweep.arms.count)."
        )
        throw ExitCodes.invalidPipeline
    }

    private static func head(_ sweep: Sweep) -> [String: Value] {
        [
            "schema": 1, "sweep": .string(sweep.id), "name": .string(sweep.name), "pipeline": .string(sweep.base.name),
            "arms": .int(sweep.arms.count), "replicates": .int(sweep.spec.replicates.count),
        ]
    }

    // MARK: Running

    private func run(
        _ sweep: Sweep, _ survey: SweepSurvey, _ planned: SweepPlan, _ workspace: Workspace, _ history: History?
    ) async -> SweepOutcome {
        let cancellation = Self.cancellation, isJSON = format.json
        let terminal = Terminal.standardError(isShared: isJSON)
        let reporter = TerminalReporter(terminal: terminal, isVerbose: verbose, isQuiet: quiet, closesRuns: false)
        let trap = SignalTrap(cancellation, say: reporter.notice)
        let ticker = terminal.isTerminal ? Ticker(reporter.tick) : nil
        defer { withExtendedLifetime((trap, ticker)) {} }
        if isJSON {
            Output.json(
                .map(
                    (planned.value.map ?? [:]).merging(Self.head(sweep)) { own, _ in own }.merging([
                        "event": "sweep.started"
                    ]) { own, _ in
                        own
                    }))
        }
        let words = SweepText(sweep: sweep, terminal: terminal)
        reporter.notice(words.opening(planned))
        let runner = SweepRunner(
            survey, only: only.flatMap { SweepSelection(rawValue: $0.rawValue) }, cancellation: cancellation,
            statistics: history?.store.map { ArmClaimStatistics(sweep: sweep.id, store: $0) },
            report: { event in
                if isJSON { event.value.map(Output.json) }
                if let line = words.line(event) { reporter.notice(line) }
            },
            run: { pipeline, options in
                let recorder = history?.recorder()
                var sinks: [any RunEventSink] = recorder.map { [$0] } ?? []
                sinks.append(reporter)
                if isJSON { sinks.append(JSONReporter()) }
                let outcome = await Engine(
                    workspace: workspace, sinks: sinks, statistics: StageClaimStatistics(workspace: workspace)
                ).run(
                    pipeline, options: options, cancellation: cancellation)
                recorder?.finish()
                return outcome
            })
        return await runner.run(planned)
    }
}
