import SentioKit

/// `runs/RUN/STAGE/OUTPUT`: links to blobs under readable names. Conveniences: a link that cannot be made is no failure.
struct RunLinks: Sendable {
    let workspace: Workspace
    let run: String

    /// Links the outputs of a stage that this run made; a cached stage links to the folder of the run that made it.
    func link(_ record: StageRecord) {
        let directory = workspace.runDirectory(run)
        let own = directory + "/" + record.stage
        if record.run != run, Paths.isDirectory(workspace.runDirectory(record.run) + "/" + record.stage) {
            try? Files.makeDirectory(directory)
            return Files.link(own, to: "../\(record.run)/\(record.stage)")
        }
        try? Files.makeDirectory(own)
        for (port, output) in record.outputs {
            guard let manifest = try? workspace.manifest(output) else { continue }
            if manifest.form != .collection, manifest.entries.count == 1, let entry = manifest.entries.first, Self.isName(entry.file) {
                Files.link(own + "/" + entry.file, to: target(entry.blob))
            } else {
                Files.link(own + "/" + Self.fileName(port) + ".manifest", to: target(output))
            }
        }
    }

    private func target(_ blob: BlobReference) -> String {
        let hex = blob.hash.hex
        return "../../../cas/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    private static func isName(_ text: String) -> Bool { !text.isEmpty && text != "." && text != ".." && !text.contains("/") }
    private static func fileName(_ port: String) -> String { String(port.map { $0 == "/" ? "_" : $0 }) }
}
