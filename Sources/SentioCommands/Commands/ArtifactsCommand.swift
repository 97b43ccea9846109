import ArgumentParser
import SentioEngine
import SentioKit
import SentioRunStore

struct ArtifactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts", abstract: "List, inspect, export, verify and clean up the outputs of stages.",
        subcommands: [
            ArtifactsListCommand.self, ArtifactsShowCommand.self, ArtifactsExportCommand.self,
            ArtifactsVerifyCommand.self,
            ArtifactsTaintCommand.self, ArtifactsUntaintCommand.self, ArtifactsTaintedCommand.self,
            ArtifactsUsageCommand.self,
            ArtifactsCollectCommand.self,
        ])
}

/// Selects the run whose artifacts are meant.
struct RunSelection: ParsableArguments {
    @Option(name: .long, help: "Run id, prefix of an id, name, or `latest`.")
    var run = "latest"
    @OptionGroup var workspace: WorkspaceOptions

    struct Output {
        let stage: String
        /// The common name of the copies of the stage.
        let copies: String?
        let port: String
        let hash: ContentHash
        let manifest: Manifest
    }

    /// The outputs of the run, in the order of its stages.
    func outputs(_ opened: Workspace) throws -> [Output] { try chosen(opened).outputs }

    private func chosen(_ opened: Workspace) throws -> (store: RunStore, details: RunDetails, outputs: [Output]) {
        do {
            let store = try workspace.runStore()
            let details = try store.details(try store.run(matching: run))
            let outputs = try details.stages.flatMap { stage in
                try stage.outputs.sorted { $0.key < $1.key }.compactMap { port, hex -> Output? in
                    guard let hash = ContentHash(hex: hex) else { return nil }
                    return Output(
                        stage: stage.stage, copies: stage.copies, port: port, hash: hash,
                        manifest: try opened.manifest(BlobReference(hash: hash, size: 0)))
                }
            }
            return (store, details, outputs)
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }

    /// The output named `STAGE.port`, or `STAGE` if it has only one.
    func output(_ name: String, _ opened: Workspace) throws -> Output {
        let (store, details, all) = try chosen(opened)
        if let exact = all.first(where: { "\($0.stage).\($0.port)" == name }) { return exact }
        let ofStage = all.filter { $0.stage == name }
        if ofStage.count == 1 { return ofStage[0] }
        if ofStage.count > 1 {
            throw ValidationError(
                "`\(name)` has several outputs; choose one of "
                    + "\(ofStage.map { "\($0.stage).\($0.port)" }.joined(separator: ", "))."
            )
        }
        let run = details.summary.id
        let meant = details.stages.filter { $0.outputs.isEmpty && (name == $0.stage || name.hasPrefix($0.stage + ".")) }
        if let stage = meant.max(by: { $0.stage.count < $1.stage.count }) {
            let other = try? store.lastRun(having: name, of: details.summary.pipeline)
            let hint =
                other.map { "Run \($0) has it: `--run \($0)`." } ?? "No run of \(details.summary.pipeline) has it."
            throw ValidationError(
                "Run \(run) has no artifact `\(name)`: \(Self.reason(stage, details.summary.status)). \(hint)")
        }
        let names = all.map { "\($0.stage).\($0.port)" }
        let hint =
            Suggestion.nearest(to: name, among: names + details.stages.map(\.stage)).map { " Did you mean `\($0)`?" }
            ?? ""
        let known = names.isEmpty ? "It has no artifacts." : "Its artifacts are \(names.joined(separator: ", "))."
        throw ValidationError("Run \(run) has no artifact `\(name)`.\(hint) \(known)")
    }

    /// Why a stage of a run has no outputs.
    private static func reason(_ stage: StageDetails, _ status: RunStatus) -> String {
        switch (stage.state, status) {
        case ("failed", _): "its stage \(stage.stage) failed"
        case (_, .failed): "it failed before \(stage.stage)"
        case (_, .running): "it has not finished \(stage.stage)"
        case (_, .interrupted): "it was stopped before \(stage.stage) finished"
        case (_, .succeeded): "\(stage.stage) has no outputs"
        }
    }
}

struct ArtifactsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the artifacts of a run.")

    @OptionGroup var selection: RunSelection
    @OptionGroup var format: FormatOptions

    func run() throws {
        let outputs = try selection.outputs(try selection.workspace.open())
        if format.json {
            return Output.json([
                "schema": 1,
                "artifacts": .list(
                    outputs.map { output in
                        [
                            "stage": .string(output.stage), "port": .string(output.port),
                            "type": .string(output.manifest.type),
                            "hash": .string(output.hash.hex),
                            "files": .int(output.manifest.entries.count), "bytes": .int(output.manifest.totalBytes),
                        ]
                    }),
            ])
        }
        // Copies of a stage share a line. The JSON lists each copy, and `artifacts show` accepts its name.
        let rows = Rows(
            outputs.map { ("\($0.stage).\($0.port)", $0.copies.map { [port = $0.port] copies in "\(copies).\(port)" }) }
        )
        var table = TextTable(["artifact", "type", "files", "size", "hash"], right: [2, 3])
        for (row, outputs) in rows.collapse(outputs, name: { "\($0.stage).\($0.port)" }) {
            let files = outputs.reduce(0) { $0 + $1.manifest.entries.count }, hashes = Set(outputs.map(\.hash))
            let bytes = outputs.reduce(0) { $0 + $1.manifest.totalBytes }
            table.rows.append([
                row, outputs[0].manifest.type, "\(files)", Words.bytes(bytes),
                hashes.count == 1 ? outputs[0].hash.short : "\(outputs.count) artifacts",
            ])
        }
        Output.lines(table.lines(width: Terminal.standardOutput().width))
    }
}

struct ArtifactsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one artifact: attributes, files, and the songs that reached it.")

    @Argument(help: "STAGE or STAGE.PORT.")
    var artifact: String
    @OptionGroup var selection: RunSelection
    @OptionGroup var format: FormatOptions

    @Option(name: .long, help: "Number of files to list; 0 for all.")
    var files = 10

    func run() throws {
        let output = try selection.output(artifact, try selection.workspace.open())
        let manifest = output.manifest, shown = files > 0 ? manifest.entries.prefix(files) : manifest.entries[...]
        let fitted = manifest.fittedSets.map(\.songs.count)
        if format.json {
            return Output.json([
                "schema": 1, "artifact": .string("\(output.stage).\(output.port)"), "hash": .string(output.hash.hex),
                "type": .string(manifest.type),
                "attributes": .map(manifest.attributes), "bytes": .int(manifest.totalBytes),
                "sources": .int(manifest.lineage.songs.count),
                "fitted_on": .list(fitted.map(Value.int)),
                "files": .list(
                    manifest.entries.map {
                        [
                            "id": .string($0.id), "file": .string($0.file), "hash": .string($0.blob.hash.hex),
                            "bytes": .int($0.blob.size),
                        ]
                    }),
            ])
        }
        Output.line("\(output.stage).\(output.port)  \(manifest.type)  \(output.hash.hex)")
        for (name, value) in manifest.attributes.sorted(by: { $0.key < $1.key }) {
            Output.line("  \(name): \(String(value.text.prefix(120)))")
        }
        if !manifest.lineage.isEmpty {
            Output.line("  reached by \(Words.count(manifest.lineage.songs.count, "song"))")
        }
        for count in fitted { Output.line("  depends on something fitted on \(Words.count(count, "song"))") }
        Output.line(
            "  \(Words.count(manifest.entries.count, "file")), "
                + "\(Words.bytes(manifest.totalBytes))"
                + (manifest.rows.isEmpty ? "" : ", \(Words.count(manifest.rows.count, "row"))")
        )
        var table = TextTable(["file", "size", "hash"], right: [1])
        for entry in shown { table.rows.append([entry.file, Words.bytes(entry.blob.size), entry.blob.hash.short]) }
        for line in table.lines() { Output.line("  " + line) }
        if shown.count < manifest.entries.count {
            Output.line("  and \(manifest.entries.count - shown.count) more (--files 0 lists all)")
        }
    }
}

struct ArtifactsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the files of an artifact to a folder: one per item, named by its id.")

    @Argument(help: "STAGE or STAGE.PORT.")
    var artifact: String

    @Option(
        name: .long, help: ArgumentHelp("The folder; created if it does not exist.", valueName: "dir"),
        completion: .directory)
    var to: String

    @Flag(name: .long, help: "Replace existing files that have different contents.")
    var overwrite = false
    @OptionGroup var selection: RunSelection

    func run() throws {
        let opened = try selection.workspace.open()
        let output = try selection.output(artifact, opened)
        do {
            let count = try opened.export(output.manifest, to: to, overwrites: overwrite)
            Output.line("exported \(Words.count(count, "file")) (\(Words.bytes(output.manifest.totalBytes))) to \(to)")
        } catch { throw failed(error) }
    }
}

struct ArtifactsVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every blob against its hash; exit with code 8 if one is damaged or missing.",
        discussion: """
            Damaged and unreadable blobs are quarantined (artifacts/tmp/damaged-…); the next run rebuilds them.

            Exit codes: 0 all blobs are intact, 8 at least one is not.
            """)

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let result: Verification
        do { result = try workspace.open().verify(threads: MachineInfo.cores) } catch let code as ExitCode {
            throw code
        } catch {
            throw failed(error)
        }
        if format.json {
            Output.json([
                "schema": 1, "blobs": .int(result.blobs), "bytes": .int(result.bytes), "records": .int(result.records),
                "damaged": .list(result.damaged.map { .string($0.hex) }),
                "in_the_way": .list(result.inTheWay.sorted().map { .string($0.hex) }),
                "misplaced": .list(
                    result.misplaced.map {
                        ["path": .string($0.path), "is": .string($0.kind), "set_aside": .bool($0.isQuarantined)]
                    }),
                "missing": .list(result.missing.map { .string($0.hex) }),
            ])
        } else {
            for entry in result.misplaced {
                let done = entry.isQuarantined ? "quarantined" : "it could not be moved; move it yourself"
                Output.line("misplaced  \(entry.path)  is \(entry.kind) in place of a folder of blobs; \(done)")
            }
            for hash in result.damaged {
                let isMoved = !result.inTheWay.contains(hash)
                Output.line(
                    "damaged  \(hash.hex)  "
                        + (isMoved
                            ? "quarantined; the next run rebuilds it"
                            : "it could not be moved; check the file and its folder"))
            }
            for hash in result.missing {
                Output.line("missing  \(hash.hex)  named by a record; the next run that needs it rebuilds it")
            }
            Output.line(
                "\(Words.count(result.blobs, "blob")), \(Words.bytes(result.bytes)), "
                    + "\(Words.count(result.records, "record")): "
                    + (result.isClean
                        ? "all intact"
                        : "\(result.damaged.count) damaged, \(result.missing.count) missing"
                            + (result.misplaced.isEmpty ? "" : ", \(result.misplaced.count) misplaced"))
            )
        }
        if !result.isClean { throw ExitCodes.verifyMismatch }
    }
}
