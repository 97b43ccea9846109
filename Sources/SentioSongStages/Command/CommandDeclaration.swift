import SentioKit

/// What a command stage says about itself: command lines, dependencies, outputs, variables.
struct CommandDeclaration: Sendable {
    let commands: [String]
    let folder: WorkingFolder
    let metricPaths: [String]
    private let dependencies: [String]
    private let params: ParamsFiles
    private let outPaths: [String]
    private let env: EnvironmentVariables
    private let exposed: ExposedParams

    init(_ configuration: Configuration) {
        commands = configuration[CommandStage.cmd]
        folder = WorkingFolder(path: configuration[CommandStage.wdir])
        dependencies = configuration[CommandStage.deps]
        params = configuration[CommandStage.params]
        outPaths = configuration[CommandStage.outs]
        metricPaths = configuration[CommandStage.metrics]
        env = configuration[CommandStage.env]
        exposed = configuration[CommandStage.expose]
    }

    /// Where outputs lie, as written; a file of metrics inside an output is kept with it.
    var paths: [String] {
        outPaths + metricPaths.filter { path in !outPaths.contains { path == $0 || path.hasPrefix($0 + "/") } }
    }

    var sources: [SourceRequest] {
        dependencies.map { SourceRequest($0, path: folder.place($0), form: .fileOrFolder) }
            + params.requests(folder.place)
    }

    /// Those of `expose` and of `env`.
    var variables: [String: String] { exposed.variables.merging(env.variables) { _, own in own } }

    var problems: [ConfigurationError] {
        var problems: [ConfigurationError] = []
        func add(_ parameter: String, _ problem: String) {
            problems.append(.invalid(parameter: parameter, problem: problem))
        }
        if commands.isEmpty || commands.contains(where: { $0.allSatisfy(\.isWhitespace) || $0.utf8.contains(0) }) {
            add("cmd", "a command is empty.")
        }
        if let problem = folder.problem { add("wdir", problem) }
        if dependencies.contains(where: { $0.isEmpty || $0.utf8.contains(0) }) { add("deps", "a path is empty.") }
        if Set(dependencies).count < dependencies.count { add("deps", "a path stands there twice.") }
        for problem in params.problems { add("params", problem) }
        for (name, paths) in [("outs", outPaths), ("metrics", metricPaths)] {
            for path in paths { if let problem = problem(ofOutput: path) { add(name, problem) } }
            if Set(paths).count < paths.count { add(name, "a path stands there twice.") }
        }
        for path in Set(paths).sorted() {
            if let parent = paths.first(where: { path.hasPrefix($0 + "/") }) {
                add("outs", "`\(path)` lies inside `\(parent)`, which is an output already.")
            }
        }
        for problem in env.problems { add("env", problem) }
        for problem in exposed.problems { add("expose", problem) }
        return problems
    }

    private func problem(ofOutput path: String) -> String? {
        if let problem = OutputPath.problem(path, mayClimb: folder.path != nil) { return problem }
        return OutputPath.problem(folder.place(path))
    }
}
