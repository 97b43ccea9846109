package import SentioKit

/// A command line of the user's, in DVC's words, written at the stage itself. `docs/command-stages.md` is its manual.
///
/// Commands run in the pipeline's folder, or in `wdir`, by `bash -e -o pipefail -c`, one after another; the first that
/// fails ends the stage, or the attempt where there are `retries`. They see `SENTIO_RUN_ID`, `SENTIO_STAGE`,
/// `SENTIO_SEED` (31 bits, so that every program takes it; absent with `seeded: false`), `SENTIO_TMP` (a scratch
/// folder), `SENTIO_IN` (inputs of `in:`, one folder a port, read only), `SENTIO_OUT` (what it leaves there is the
/// output `out` where no `outs` are declared), `SENTIO_METRICS` (a file for JSON lines `{"name": …, "value": …, "step":
/// …}`), `SENTIO_PARAM_…` (of `expose`) and `env`. Outputs: one a path of `outs` and `metrics`, named by it; attribute
/// `layout` is `file` or `folder`, beside what `FolderShape` says. Throws `StageFailure` with exit code or signal and
/// the last lines, or naming an output that is missing or no file. As deterministic as the command.
package struct CommandStage: Stage {
    package static let kind = "command"
    /// 2: bash with `-e -o pipefail` instead of sh, so that what failed inside a pipe is no success any more.
    package static let version = 2
    package static let summary =
        "Runs a command line of yours; what it depends on and leaves behind is declared as in DVC."
    package static let notation = StageNotation(furtherInputs: .any, parametersAtStage: true)

    static let cmd = Parameter<[String]>(
        "cmd", default: nil, "A command line for the shell, or a list that runs in order.")
    static let wdir = Parameter<String?>(
        "wdir", default: .some(nil),
        "Where it runs and where its paths start, relative to the pipeline file; null: there.")
    static let deps = Parameter<[String]>(
        "deps", default: [], "Files and folders the result depends on, relative to the pipeline file.",
        isIdentity: false)
    static let params = Parameter<ParamsFiles>(
        "params", default: ParamsFiles(parameter: []),
        "Keys of params.yaml, or of other YAML or JSON files, that the result depends on; other keys do not count.",
        isIdentity: false)
    static let outs = Parameter<[String]>(
        "outs", default: [], "Files and folders it leaves, relative to the pipeline file and below its folder.")
    static let metrics = Parameter<[String]>(
        "metrics", default: [],
        "JSON files it leaves; their numbers become metrics, nested names joined by dots. Also outputs, unless they "
            + "lie in one."
    )
    static let env = Parameter<EnvironmentVariables>(
        "env", default: EnvironmentVariables(parameter: [:]), "Variables of its environment; they are part of the key.")
    static let expose = Parameter<ExposedParams>(
        "expose", default: ExposedParams(parameter: [:]),
        "Params of the pipeline that it sees as SENTIO_PARAM_NAME; their values are part of the key.", namesParams: true
    )
    static let shell = Parameter(
        "shell", default: CommandShell.standard,
        "bash (stops at whatever fails: -e -o pipefail), sh (plain /bin/sh), or a program and its options that takes "
            + "-c and the command."
    )
    static let timeout = Parameter<Double?>(
        "timeout", default: .some(nil), in: 0.001...31_536_000,
        "An attempt is stopped, and has failed, after this long.", unit: "s",
        isIdentity: false)
    static let retries = Parameter(
        "retries", default: 0, in: 0...1000, "How often it is tried again after it failed.", unit: "attempts",
        isIdentity: false)
    static let seeded = Parameter(
        "seeded", default: true, "Whether the command sees SENTIO_SEED; then another seed of the run is another result."
    )

    package static let parameters: [any ParameterDefinition] = [
        cmd, wdir, deps, params, outs, metrics, env, expose, shell, timeout, retries, seeded,
    ]
    package static let inputs: [InputPort] = []
    /// They depend on the parameters.
    package static let outputs: [OutputPort] = []
    private static let out = OutputPort("out", .files, "What the command left in SENTIO_OUT.")

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
            path, .files, "What the command left at `\(path)`.", workspacePath: declaration.folder.place(path))
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

    /// What the command left in SENTIO_OUT: the output where none is declared, a warning where others are.
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
