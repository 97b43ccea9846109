import ArgumentParser
import SentioEngine
import SentioKit
import SentioRunStore
import SentioSpec

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run what is not up to date.",
        discussion: """
            Every finished stage and song is kept at once: after a stop, a failure or a kill, the same command goes on.

            Exit codes: 0 done, 1 a stage failed, 3 invalid pipeline, 5 lock not obtained (--wait, --no-wait), 6 an \
            expectation failed, 7 leakage, 64 usage, 129/130/143 stopped by a signal.
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Run only this stage or group and what it needs; repeatable.", valueName: "stage"))
    var only: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Run this stage, or all of this group, even if it is up to date; repeatable.", valueName: "stage"))
    var force: [String] = []

    @Flag(name: .long, help: "Run only the stages that a tainted song reached (artifacts taint), and what they need.")
    var tainted = false

    @Option(name: [.long, .short], help: "Cores to use. Default: all of the machine.")
    var jobs: Int?

    @Flag(name: [.long, .customShort("k")], help: "After a failure go on with stages that do not need the failed one.")
    var keepGoing = false

    @OptionGroup var wait: WaitOptions

    @Option(name: .long, help: "A name for the run.")
    var name: String?

    @Option(
        name: .long, parsing: .singleValue, help: ArgumentHelp("A tag for the run; repeatable.", valueName: "key=value")
    )
    var tag: [String] = []

    @Option(name: .long, help: "Run this many times, each with seeds of its own.")
    var replicates = 1

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "With --replicates: only this stage's random numbers change, or this group's; repeatable. Default: all.",
            valueName: "stage"))
    var seeds: [String] = []

    @Flag(name: [.long, .short], help: "Show the stages' own output.")
    var verbose = false

    @Flag(name: [.long, .short], help: "Show only warnings, failures and the closing table.")
    var quiet = false

    func validate() throws {
        if tainted, !only.isEmpty { throw ValidationError("--tainted chooses the stages itself; leave out --only.") }
        if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs is a number from 1 to 4096.") }
        if !seeds.isEmpty, replicates == 1 { throw ValidationError("--seeds goes with --replicates.") }
        guard (1...1000).contains(replicates) else { throw ValidationError("--replicates is a number from 1 to 1000.") }
        _ = try TagPairs.parse(tag, option: "--tag")
    }

    func run() async throws {
        let dirty = GitDirty(directory: Paths.directory(of: pipeline.file))
        // A workspace that exists is opened first and read beside the file; one is made only for a pipeline that is
        // fine.
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
                    Output.error("No result of this pipeline rests on a tainted song.")
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
            let outcome = await one(loaded, opened, options, cancellation, reporter)
            if outcome.status == .interrupted { throw ExitCode(cancellation.exitCode) }
            exitCode = max(exitCode, outcome.exitCode)
        }
        // Ending here and now: freeing a long pipeline piece by piece takes longer than planning it.
        Output.exit(exitCode)
    }

    private func one(
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
                outcome: outcome.namingMakers, graph: pipeline.graph, terminal: .standardOutput(),
                warnings: reporter.warnings)
            if outcome.status == .interrupted { closing.done = Self.done(outcome, pipeline, workspace, options) }
            Output.text(closing.lines)
        }
        return outcome
    }

    /// How many of a stopped run's stages have their results: those that it settled, and those that it had not come to
    /// and would find in the cache.
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
