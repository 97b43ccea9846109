package import SentioKit

/// A user's command line, declared with DVC's keywords at the stage itself. `docs/command-stages.md` is its manual.
///
/// Commands run in the pipeline's folder, or in `wdir`, by `bash -e -o pipefail -c`, one after another; the first that
/// fails ends the stage or, with `retries`, the attempt. Their environment has `SENTIO_RUN_ID`, `SENTIO_STAGE`,
/// `SENTIO_SEED` (31 bits, so that every program accepts it; absent with `seeded: false`), `SENTIO_TMP` (a scratch
/// folder), `SENTIO_IN` (inputs of `in:`, one folder per port, read only), `SENTIO_OUT` (its contents are the output
/// `out` if no `outs` are declared), `SENTIO_METRICS` (a file for JSON lines `{"name": …, "value": …, "step": …}`),
/// `SENTIO_PARAM_…` (of `expose`) and `env`. Outputs: one per path of `outs` and `metrics`, named by it; the attribute
/// `layout` is `file` or `folder`, in addition to those of `FolderShape`. Throws `StageFailure` with exit code or
/// signal and the last lines, or naming an output that is missing or not a file. As deterministic as the command.
package struct CommandStage: Stage {
    package static let kind = "command"
    /// 2: bash with `-e -o pipefail` instead of sh, so that a failure inside a pipe no longer counts as success.
    package static let version = 2
    package static let summary =
        "Runs your own command line, with dependencies and outputs declared as in DVC."
    package static let notation = StageNotation(furtherInputs: .any, parametersAtStage: true)

    static let cmd = Parameter<[String]>(
        "cmd", default: nil, "Command line for the shell, or a list of them that run in order.")
    static let wdir = Parameter<String?>(
        "wdir", default: .some(nil),
        "Working directory, and base of the stage's paths, relative to the pipeline file; null: the file's folder.")
    static let deps = Parameter<[String]>(
        "deps", default: [], "Files and folders that the result depends on, relative to the pipeline file.",
        isIdentity: false)
    static let params = Parameter<ParamsFiles>(
        "params", default: ParamsFiles(parameter: []),
        "Keys of params.yaml, or of other YAML or JSON files, that the result depends on; other keys are ignored.",
        isIdentity: false)
    static let outs = Parameter<[String]>(
        "outs", default: [],
        "Files and folders that the command creates, relative to the pipeline file and below its folder.")
    static let metrics = Parameter<[String]>(
        "metrics", default: [],
        "JSON files that the command writes; their numbers become metrics, nested names joined by dots. They are also "
            + "outputs, unless they lie in one."
    )
    static let env = Parameter<EnvironmentVariables>(
        "env", default: EnvironmentVariables(parameter: [:]),
        "Environment variables of the command; they are part of the key.")
    static let expose = Parameter<ExposedParams>(
        "expose", default: ExposedParams(parameter: [:]),
        "Params of the pipeline that the command gets as SENTIO_PARAM_NAME; their values are part of the key.",
        namesParams: true)
    static let shell = Parameter(
        "shell", default: CommandShell.standard,
        "bash (stops at any failure: -e -o pipefail), sh (plain /bin/sh), or a program with its options that accepts "
            + "-c and the command."
    )
    static let timeout = Parameter<Double?>(
        "timeout", default: .some(nil), in: 0.001...31_536_000,
        "Time limit of an attempt, after which it is stopped and counts as failed.", unit: "s",
        isIdentity: false)
    static let retries = Parameter(
        "retries", default: 0, in: 0...1000, "How many times to retry after a failure.", unit: "attempts",
        isIdentity: false)
    static let seeded = Parameter(
        "seeded", default: true,
        "Whether the command gets SENTIO_SEED; if so, its result depends on the seed of the run.")

    package static let parameters: [any ParameterDefinition] = [
        cmd, wdir, deps, params, outs, metrics, env, expose, shell, timeout, retries, seeded,
    ]
    package static let inputs: [InputPort] = []
    /// They depend on the parameters.
    package static let outputs: [OutputPort] = []
    private static let out = OutputPort("out", .files, "What the command wrote to SENTIO_OUT.")

    private let declaration: CommandDeclaration
    private let attempts: CommandAttempts
    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let declaration = CommandDeclaration(configuration)
        var problems = declaration.problems
        let shell = CommandShell(configuration[Self.shell])
        if shell == nil { problems.append(.invalid(parameter: "shell", problem: "no program is named.")) }
        guard let shell, problems.isEmpty else { throw ConfigurationErrors(problems) }
        self.declaration = declaration
        attempts = CommandAttempts(
            commands: configuration[Self.cmd], shell: shell, folder: declaration.folder,
            timeout: configuration[Self.timeout],
            retries: configuration[Self.retries])
        self.configuration = configuration
    }

    package var drawsRandomNumbers: Bool { configuration[Self.seeded] }

    package var outputs: [OutputPort] {
        declaration.paths.isEmpty ? [Self.out] : declaration.paths.map(output)
    }

    private func output(_ path: String) -> OutputPort {
        OutputPort(
            path, .files, "What the command wrote to `\(path)`.", workspacePath: declaration.folder.place(path))
    }

    package var sources: [SourceRequest] { declaration.sources }

    package func run(_ context: StageContext) throws {
        let folders = try CommandFolders(context)
        try folders.materializeInputs(context)
        let given = folders.environment(context, isSeeded: drawsRandomNumbers, declaration.variables)
        try attempts.run(context, environment: given) {
            try folders.empty()
            try context.prepareRetry()
        }
        try CommandMetrics.collectLines(at: folders.metrics, services: context.services)
        let collector = OutputCollector(
            folder: declaration.folder.directory(below: context.workingDirectory), stage: context.stage)
        for path in declaration.paths {
            let found = try collector.collect(path, store: context.store(contentsOf:), services: context.services)
            try context.writeFiles(output(path), found.files, attributes: found.attributes)
        }
        try CommandMetrics.collectFiles(
            configuration[Self.metrics], folder: collector.folder, stage: context.stage, services: context.services)
        try keepLeftovers(folders.out, context)
    }

    /// What the command left in SENTIO_OUT: the output if none is declared, a warning otherwise.
    private func keepLeftovers(_ folder: String, _ context: StageContext) throws {
        if declaration.paths.isEmpty {
            let output = try OutputCollector.below(
                folder, named: "SENTIO_OUT", store: context.store(contentsOf:), services: context.services)
            return try context.writeFiles(Self.out, output.files, attributes: output.attributes)
        }
        let names = try FolderTree.entries(below: folder).filter { $0.form != .folder }.map(\.path)
        if !names.isEmpty {
            context.services.warn(
                "The command left \(names.count) files in SENTIO_OUT that are not kept, because `outs` are declared: "
                    + "\(IDList.text(names)). Write to the declared paths, or declare no `outs`."
            )
        }
    }
}
