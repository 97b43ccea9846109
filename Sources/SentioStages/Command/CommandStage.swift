public import SentioKit

/// A command line of the user's, in DVC's words: `cmd`, `deps`, `outs`, `metrics`, written at the stage itself.
///
/// Each command runs in the pipeline's folder by `/bin/sh -c`, one after another; the first that fails ends the stage.
/// It sees `SENTIO_RUN_ID`, `SENTIO_STAGE`, `SENTIO_SEED` (31 bits, so that every program takes it; absent with
/// `seeded: false`), `SENTIO_TMP` (a scratch folder), `SENTIO_IN` (inputs of `in:`, one folder a port, read only),
/// `SENTIO_OUT` (what it leaves there is the output `out` where no `outs` are declared) and `SENTIO_METRICS` (a file for
/// JSON lines `{"name": …, "value": …, "step": …}`).
/// Outputs: one a path of `outs` and `metrics`, named by it; attribute `layout` is `file` or `folder`.
/// Throws `StageFailure` with exit code or signal and the last lines, or naming an output that is missing.
/// As deterministic as the command.
public struct CommandStage: Stage {
    public static let kind = "command"
    public static let version = 1
    public static let summary = "Runs a command line of yours; what it depends on and leaves behind is declared as in DVC."
    public static let acceptsAnyInput = true
    public static let hasParametersAtStageLevel = true

    static let cmd = Parameter<[String]>("cmd", default: nil, "A command line for /bin/sh, or a list that runs in order.")
    static let deps = Parameter<[String]>(
        "deps", default: [], "Files and folders the result depends on, relative to the pipeline file.", isIdentity: false)
    static let outs = Parameter<[String]>(
        "outs", default: [], "Files and folders it leaves, relative to the pipeline file and below its folder.")
    static let metrics = Parameter<[String]>(
        "metrics", default: [], "JSON files it leaves; their numbers become metrics, nested names joined by dots. Also outputs.")
    static let timeout = Parameter<Double?>(
        "timeout", default: .some(nil), in: 0.001...31_536_000, "The command is stopped, and the stage fails, after this long.", unit: "s",
        isIdentity: false)
    static let seeded = Parameter(
        "seeded", default: true, "Whether the command sees SENTIO_SEED; then another seed of the run is another result.")

    public static let parameters: [any ParameterDefinition] = [cmd, deps, outs, metrics, timeout, seeded]
    public static let inputs: [InputPort] = []
    /// They depend on the parameters.
    public static let outputs: [OutputPort] = []

    private let commands: [String]
    private let dependencies: [String]
    private let outPaths: [String]
    private let metricPaths: [String]
    private let timeout: Double?
    public let drawsRandomNumbers: Bool

    public init(_ configuration: Configuration) throws(ConfigurationErrors) {
        commands = configuration[Self.cmd]
        dependencies = configuration[Self.deps]
        outPaths = configuration[Self.outs]
        metricPaths = configuration[Self.metrics]
        timeout = configuration[Self.timeout]
        drawsRandomNumbers = configuration[Self.seeded]
        var problems: [ConfigurationError] = []
        if commands.isEmpty || commands.contains(where: { $0.allSatisfy(\.isWhitespace) || $0.utf8.contains(0) }) {
            problems.append(.invalid(parameter: "cmd", problem: "a command is empty."))
        }
        for path in dependencies where path.isEmpty || path.utf8.contains(0) {
            problems.append(.invalid(parameter: "deps", problem: "a path is empty."))
        }
        if Set(dependencies).count < dependencies.count {
            problems.append(.invalid(parameter: "deps", problem: "a path stands there twice."))
        }
        for (name, paths) in [("outs", outPaths), ("metrics", metricPaths)] {
            for path in paths { if let problem = OutputPath.problem(path) { problems.append(.invalid(parameter: name, problem: problem)) } }
            if Set(paths).count < paths.count { problems.append(.invalid(parameter: name, problem: "a path stands there twice.")) }
        }
        let all = Set(outPaths + metricPaths)
        for path in all.sorted() {
            if let parent = all.first(where: { path.hasPrefix($0 + "/") }) {
                problems.append(.invalid(parameter: "outs", problem: "`\(path)` lies inside `\(parent)`, which is an output already."))
            }
        }
        guard problems.isEmpty else { throw ConfigurationErrors(problems) }
    }

    private var paths: [String] { outPaths + metricPaths.filter { !outPaths.contains($0) } }

    public var outputs: [OutputPort] {
        if paths.isEmpty { return [OutputPort("out", .files, "What the command left in SENTIO_OUT.")] }
        return paths.map { OutputPort($0, .files, "What the command left at `\($0)`.", workspacePath: $0) }
    }

    public var sources: [SourceRequest] { dependencies.map { SourceRequest($0, path: $0, form: .fileOrFolder) } }

    public func run(_ context: StageContext) throws {
        let folders = try CommandFolders(context)
        try folders.materializeInputs(context)
        let environment = folders.environment(context, isSeeded: drawsRandomNumbers)
        let deadline = timeout.map { ShellCommand.now() + $0 }
        for command in commands { try run(command, environment, deadline, context) }
        try CommandMetrics.collectLines(at: folders.metrics, services: context.services)
        let collector = OutputCollector(folder: context.workingDirectory)
        for path in paths {
            let output = try collector.collect(path, stage: context.stage, store: context.store(contentsOf:), log: context.services.log)
            try context.writeFiles(path, output.files, attributes: ["layout": .string(output.isFolder ? "folder" : "file")])
        }
        try CommandMetrics.collectFiles(metricPaths, folder: context.workingDirectory, stage: context.stage, services: context.services)
        try keepLeftovers(folders.out, context)
    }

    private func run(_ text: String, _ environment: [String: String], _ deadline: Double?, _ context: StageContext) throws {
        context.services.log("$ \(text)")
        var last: [String] = []
        let command = ShellCommand(text: text, directory: context.workingDirectory, environment: environment)
        let end: ShellCommand.End
        do {
            end = try command.run(deadline: deadline, isCancelled: { context.services.isCancelled }) { line in
                context.services.log(line)
                if last.count == Self.linesInFailure { last.removeFirst() }
                last.append(line)
            }
        } catch let error as ShellCommand.CannotStart {
            throw StageFailure("The command of \(context.stage) could not be started in \(context.workingDirectory): \(error.reason).")
        }
        let tail = last.isEmpty ? " It printed nothing." : " Its last lines:\n" + last.joined(separator: "\n")
        switch end {
        case .exited(0): return
        case .exited(let code): throw StageFailure("The command of \(context.stage) failed with exit code \(code): `\(text)`.\(tail)")
        case .killed(let signal): throw StageFailure("The command of \(context.stage) was killed by signal \(signal): `\(text)`.\(tail)")
        case .timedOut:
            throw StageFailure(
                "The command of \(context.stage) ran longer than its timeout of \(NumberText.short(timeout ?? 0)) s and was stopped: `\(text)`.\(tail)"
            )
        case .cancelled: throw StageCancelled()
        }
    }

    static let linesInFailure = 20

    /// What the command left in SENTIO_OUT: the output where none is declared, a warning where others are.
    private func keepLeftovers(_ folder: String, _ context: StageContext) throws {
        let files = try OutputCollector.files(below: folder, log: context.services.log)
        if paths.isEmpty {
            let stored = try files.map { (name: $0, blob: try context.store(contentsOf: folder + "/" + $0)) }
            try context.writeFiles("out", stored, attributes: ["layout": "folder"])
        } else if !files.isEmpty {
            context.services.warn(
                "The command left \(files.count) files in SENTIO_OUT that are not kept, because `outs` are declared: \(IDList.text(files)). Write to the declared paths, or declare no `outs`."
            )
        }
    }
}
