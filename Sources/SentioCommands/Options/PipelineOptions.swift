import ArgumentParser
import SentioEngine
import SentioKit
import SentioSpec

/// Options of every command that reads a pipeline file.
struct PipelineOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The pipeline file; if it is not here, it is looked for in pipelines/. `.yaml` may be omitted.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var given: String

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Set a param (`epochs=8`), `seed`, `headline`, or a stage's parameter (`mels.n_mels=64`), typed as YAML; "
                + "repeatable.",
            valueName: "name=value"))
    var set: [String] = []

    @Option(name: .long, help: "Apply this profile of the file.")
    var profile: String?

    /// The path of the pipeline file.
    var file: String { PipelineLocation(given).path }

    /// Reads and checks the file; prints all errors and exits with code 3 if there are any.
    func load(json: Bool = false) throws -> Pipeline {
        try checked(json: json) { try Pipeline(path: file, options: options, registry: KnownKinds.registry) }
    }

    var options: LoadOptions { LoadOptions(profile: profile, sets: set) }

    /// Runs `read`, after saying which file is read if it is not the named one; if it reports errors in the file,
    /// prints them all and exits with code 3.
    func checked<Read>(json: Bool, _ read: () throws -> Read) throws -> Read {
        let location = PipelineLocation(given)
        if let notice = location.notice { Output.error(notice) }
        do {
            try location.check()
            return try read()
        } catch let errors as PipelineErrors {
            if json {
                Output.json([
                    "schema": 1, "error": "invalid-pipeline", "file": .string(location.path),
                    "problems": .list(errors.diagnostics.map(\.value)),
                ])
            }
            Output.error(errors.description)
            throw ExitCodes.invalidPipeline
        }
    }
}

/// The location of the workspace.
struct WorkspaceOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The workspace: cache, run store, links. Default: $SENTIO_ARTIFACTS, else artifacts.", valueName: "dir"),
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

/// Machine-readable output.
struct FormatOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON.")
    var json = false
}
