import SentioKit

/// `runs/RUN/STAGE/OUTPUT`: links to blobs under readable names. They are a convenience; one that cannot be made is not
/// a failure.
struct RunLinks: Sendable {
    let workspace: Workspace
    let run: String

    /// Links the outputs of a stage that this run made.
    func link(_ record: StageRecord) {
        let own = workspace.runDirectory(run) + "/" + record.stage
        try? Files.makeDirectory(own)
        for (port, output) in record.outputs {
            guard let manifest = try? workspace.manifest(output) else { continue }
            if manifest.form != .collection, manifest.entries.count == 1, let entry = manifest.entries.first,
                Self.isName(entry.file)
            {
                Files.link(own + "/" + entry.file, to: target(entry.blob))
            } else {
                Files.link(own + "/" + Self.fileName(port) + ".manifest", to: target(output))
            }
        }
    }

    /// Links cached stages to the folders of the runs that made them. A run that executed nothing is one link to the
    /// last run with the same stages, since a thousand links would cost more than everything else that such a run does.
    func link(cached records: [StageRecord], hasExecuted: Bool) {
        let directory = workspace.runDirectory(run)
        if !hasExecuted, let last = records.map(\.run).max(), records.allSatisfy({ holds(last, $0) }) {
            Files.link(directory, to: last)
            return
        }
        try? Files.makeDirectory(directory)
        for record in records {
            if record.run != run, Paths.isDirectory(workspace.runDirectory(record.run) + "/" + record.stage) {
                Files.link(directory + "/" + record.stage, to: "../\(record.run)/\(record.stage)")
            } else {
                link(record)
            }
        }
    }

    /// Whether the folder of an earlier run has this record under the stage's name.
    private func holds(_ earlier: String, _ record: StageRecord) -> Bool {
        let path = workspace.runDirectory(earlier) + "/" + record.stage
        if earlier == record.run { return Files.isDirectoryItself(path) }
        return FileKind.linkTarget(path) == "../\(record.run)/\(record.stage)"
    }

    private func target(_ blob: BlobReference) -> String {
        let hex = blob.hash.hex
        return "../../../cas/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.contains("/")
    }
    private static func fileName(_ port: String) -> String { String(port.map { $0 == "/" ? "_" : $0 }) }
}
