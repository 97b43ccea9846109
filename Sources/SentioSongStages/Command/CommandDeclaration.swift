import SentioKit

/// What a command stage declares: command lines, dependencies, outputs, variables.
struct CommandDeclaration: Sendable {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    var folder: WorkingFolder { WorkingFolder(path: configuration[CommandStage.wdir]) }

    /// The paths of outputs, as written; a metrics file inside an output is stored with that output.
    var paths: [String] {
        let outPaths = configuration[CommandStage.outs]
        return outPaths
            + configuration[CommandStage.metrics].filter { path in
                !outPaths.contains { path == $0 || path.hasPrefix($0 + "/") }
            }
    }

    var sources: [SourceRequest] {
        configuration[CommandStage.deps].map { SourceRequest($0, path: folder.place($0), form: .fileOrFolder) }
            + configuration[CommandStage.params].requests(folder.place)
    }

    /// The variables of `expose` and of `env`; the latter take precedence.
    var variables: [String: String] {
        configuration[CommandStage.expose].variables.merging(configuration[CommandStage.env].variables) { _, own in own
        }
    }

    var problems: [ConfigurationError] {
        var problems: [ConfigurationError] = []
        func add(_ parameter: String, _ problem: String) {
            problems.append(.invalid(parameter: parameter, problem: problem))
        }
        let commands = configuration[CommandStage.cmd], dependencies = configuration[CommandStage.deps]
        if commands.isEmpty || commands.contains(where: { $0.allSatisfy(\.isWhitespace) || $0.utf8.contains(0) }) {
            add("cmd", "a command is empty.")
        }
        if let problem = folder.problem { add("wdir", problem) }
        if dependencies.contains(where: { $0.isEmpty || $0.utf8.contains(0) }) { add("deps", "a path is empty.") }
        if Set(dependencies).count < dependencies.count { add("deps", "a path is listed twice.") }
        for problem in configuration[CommandStage.params].problems { add("params", problem) }
        for parameter in [CommandStage.outs, CommandStage.metrics] {
            let (name, paths) = (parameter.name, configuration[parameter])
            for path in paths { if let problem = problem(ofOutput: path) { add(name, problem) } }
            if Set(paths).count < paths.count { add(name, "a path is listed twice.") }
        }
        let paths = paths
        for path in Set(paths).sorted() {
            if let parent = paths.first(where: { path.hasPrefix($0 + "/") }) {
                add("outs", "`\(path)` lies inside `\(parent)`, which is already an output.")
            }
        }
        for problem in configuration[CommandStage.env].problems { add("env", problem) }
        for problem in configuration[CommandStage.expose].problems { add("expose", problem) }
        return problems
    }

    private func problem(ofOutput path: String) -> String? {
        if let problem = OutputPath.problem(path, mayClimb: folder.path != nil) { return problem }
        return OutputPath.problem(folder.place(path))
    }
}
