import ArgumentParser
import SentioEngine
import SentioKit
import SentioSpec

/// What every command takes that reads a pipeline file.
struct PipelineOptions: ParsableArguments {
    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Set a param (`epochs=8`), `seed`, `headline`, or a stage's parameter (`mels.n_mels=64`); repeatable, "
                + "typed as YAML.",
            valueName: "name=value"))
    var set: [String] = []

    @Option(name: .long, help: "Lay a profile of the file over it.")
    var profile: String?

    /// Reads and checks the file; prints every problem and ends with exit code 3 where there are any.
    func load(json: Bool = false) throws -> Pipeline {
        try checked(json: json) { try Pipeline(path: file, options: options, registry: KnownKinds.registry) }
    }

    var options: LoadOptions { LoadOptions(profile: profile, sets: set) }

    /// What is read from the file; prints every problem and ends with exit code 3 where there are any.
    func checked<Read>(json: Bool, _ read: () throws -> Read) throws -> Read {
        do { return try read() } catch let errors as PipelineErrors {
            if json {
                Output.json([
                    "schema": 1, "error": "invalid-pipeline", "file": .string(file),
                    "problems": .list(errors.diagnostics.map(\.value)),
                ])
            }
            Output.error(errors.description)
            throw ExitCodes.invalidPipeline
        }
    }
}

/// Where the workspace is.
struct WorkspaceOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The workspace: cache, run store, links. Default: SENTIO_ARTIFACTS, else artifacts.", valueName: "dir"),
        completion: .directory)
    var artifacts: String?

    var path: String { artifacts ?? Environment["SENTIO_ARTIFACTS"] ?? "artifacts" }

    func open() throws -> Workspace {
        do { return try Workspace(path: path) } catch {
            Output.error("error: \(error)")
            throw ExitCode(1)
        }
    }
}

/// Output for programs.
struct FormatOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON.")
    var json = false
}
