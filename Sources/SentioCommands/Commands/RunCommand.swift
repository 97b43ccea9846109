import ArgumentParser
import SentioEngine
import SentioKit
import SentioRunStore
import SentioSpec

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the stages of a pipeline that are not up to date.",
        discussion: """
            Finished stages and songs are stored immediately: after an interruption, a failure or a kill, run the same \
            command again to resume.

            Exit codes: 0 done, 1 a stage failed, 3 invalid pipeline, 5 lock not obtained (--wait, --no-wait), 6 an \
            expectation failed, 7 leakage, 64 usage, 129/130/143 stopped by a signal.
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Run only this stage or group and its dependencies; repeatable.", valueName: "stage"))
    var only: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Run this stage, or every stage of this group, even if it is up to date; repeatable.", valueName: "stage"))
    var force: [String] = []

    @Flag(
        name: .long,
        help: "Run only stages that a tainted song reached (see `artifacts taint`), and their dependencies.")
    var tainted = false

    @Option(name: [.long, .short], help: "Number of cores to use. Default: all.")
    var jobs: Int?

    @Flag(
        name: [.long, .customShort("k")],
        help: "After a failure, continue with stages that do not depend on the failed one.")
    var keepGoing = false

    @OptionGroup var wait: WaitOptions

    @Option(name: .long, help: "Name of the run.")
    var name: String?

    @Option(
        name: .long, parsing: .singleValue, help: ArgumentHelp("Tag the run; repeatable.", valueName: "key=value")
    )
    var tag: [String] = []

    @Option(name: .long, help: "Number of replicates: runs that differ only in their seeds.")
    var replicates = 1

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "With --replicates: vary only the random numbers of this stage or group; repeatable. Default: all.",
            valueName: "stage"))
    var seeds: [String] = []

    @Flag(name: [.long, .short], help: "Show the output of the stages.")
    var verbose = false

    @Flag(name: [.long, .short], help: "Show only warnings, failures and the summary.")
    var quiet = false

    func validate() throws {
        if tainted, !only.isEmpty { throw ValidationError("--tainted selects the stages itself; omit --only.") }
        if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs must be a number from 1 to 4096.") }
        if !seeds.isEmpty, replicates == 1 { throw ValidationError("--seeds requires --replicates.") }
        guard (1...1000).contains(replicates) else {
            throw ValidationError("--replicates must be a number from 1 to 1000.")
        }
        _ = try TagPairs.parse(tag, option: "--tag")
    }

    func run() async throws {
        let dirty = GitDirty(directory: Paths.directory(of: pipeline.file))
        // An existing workspace is opened first and prefetched while the file is read; a new one is created only for a
        // valid pipeline.
        let existing = Paths.isDirectory(workspace.path) ? try workspace.open() : nil
        existing?.prefetch()
        let loaded = try pipeline.load(json: format.json)
        try loaded.requireStages(only + force + seeds)
        let opened = try existing ?? workspace.open()
        let cancellation = Cancellation()
        let terminal = Terminal.standardError(isShared: format.json)
        let reporter = TerminalReporter(
            terminal: terminal, isVerbose: verbose, isQuiet: quiet, closesRuns: !format.json)
        let trap = SignalTrap(cancellation, say: reporter.notice)
        let ticker = terminal.isTerminal ? Ticker(reporter.tick) : nil
        defer { withExtendedLifetime((trap, ticker)) {} }
        var environment = MachineInfo.environment(directory: loaded.directory)
        if let isDirty = dirty.result() { environment["git_dirty"] = .bool(isDirty) }

        var exitCode: Int32 = 0
        for replicate in 0..<replicates where !cancellation.isCancelled {
            var options = RunOptions(jobs: jobs ?? MachineInfo.cores)
            options.keepGoing = keepGoing
            options.only = only.flatMap(loaded.graph.stages(named:))
            if tainted {
                options.replicate = replicate
                options.only = Engine(workspace: opened).taintedStages(of: loaded, options: options)
                guard !options.only.isEmpty else {
                    Output.error("No result of this pipeline depends on a tainted song.")
                    continue
                }
            }
            options.force = Set(force.flatMap(loaded.graph.stages(named:)))
            options.waiting = wait.waiting
            options.name = name
            options.tags = try TagPairs.parse(tag, option: "--tag")
            options.replicate = replicate
            options.replicated = seeds.isEmpty ? nil : Set(seeds.flatMap(loaded.graph.stages(named:)))
            options.arguments = Array(CommandLine.arguments.dropFirst())
            options.environment = environment
            if !loaded.profiles.isEmpty, !quiet || format.json {
                options.outlook = RunDescription.Outlook(Engine(workspace: opened).plan(loaded, options: options))
            }
            let outcome = await runOnce(loaded, opened, options, cancellation, reporter)
            if outcome.status == .interrupted { throw ExitCode(cancellation.exitCode) }
            exitCode = max(exitCode, outcome.exitCode)
        }
        // Exits without returning, because deallocating a long pipeline takes longer than planning it.
        Output.exit(exitCode)
    }

    private func runOnce(
        _ pipeline: Pipeline, _ workspace: Workspace, _ options: RunOptions, _ cancellation: Cancellation,
        _ reporter: TerminalReporter
    ) async -> RunOutcome {
        let recorder = History(workspace: workspace).recorder()
        var sinks: [any RunEventSink] = recorder.map { [$0] } ?? []
        sinks.append(reporter)
        if format.json { sinks.append(JSONReporter()) }
        let outcome = await Engine(
            workspace: workspace, sinks: sinks, statistics: StageClaimStatistics(workspace: workspace)
        ).run(
            pipeline, options: options, cancellation: cancellation)
        recorder?.finish()
        if !format.json {
            var closing = ClosingText(
                outcome: outcome.resolvingSharedStages, graph: pipeline.graph, terminal: .standardOutput(),
                warnings: reporter.warnings)
            if outcome.status == .interrupted { closing.done = Self.done(outcome, pipeline, workspace, options) }
            Output.text(closing.lines)
        }
        return outcome
    }

    /// How many stages of a stopped run have results: those that it settled, and those that it had not reached and
    /// would find in the cache.
    private static func done(_ outcome: RunOutcome, _ pipeline: Pipeline, _ workspace: Workspace, _ options: RunOptions)
        -> Int
    {
        var options = options
        options.force = []
        let settled = outcome.stages.filter { $0.state == .executed || $0.state == .cached }.map(\.stage)
        let planned = Engine(workspace: workspace).plan(pipeline, options: options).filter { !$0.isStale }.map(\.stage)
        return Set(settled + planned).count
    }
}
