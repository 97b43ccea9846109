import Foundation
import SentioKit
import SentioSpec

@testable import SentioEngine
@testable import SentioToys

/// A folder of its own with a pipeline file, songs and a workspace; gone when the test is over.
final class TestProject: PipelineFolder {
    var workspace: Workspace

    init() throws {
        let path = try Self.make()
        workspace = try Workspace(path: path + "/artifacts")
        super.init(at: path)
    }

    /// Opens the workspace anew, as the next process does.
    func reopen() throws { workspace = try Workspace(path: path + "/artifacts") }

    @discardableResult
    func run(
        _ yaml: String, sets: [String] = [], configure: (inout RunOptions) -> Void = { _ in },
        events: EventLog = EventLog()
    )
        async throws -> RunOutcome
    {
        let pipeline = try pipeline(yaml, sets: sets)
        var options = RunOptions(jobs: 2)
        configure(&options)
        try reopen()
        return await Engine(workspace: workspace, sinks: [events]).run(pipeline, options: options)
    }

    func plan(_ yaml: String, sets: [String] = []) throws -> [PlannedStage] {
        try reopen()
        return Engine(workspace: workspace).plan(try pipeline(yaml, sets: sets), options: RunOptions(jobs: 2))
    }

    /// The text of a stage's only file.
    func output(_ outcome: RunOutcome, _ stage: String) throws -> String {
        guard let hash = outcome.stages.first(where: { $0.stage == stage })?.outputs.values.first else { return "" }
        let manifest = try workspace.manifest(BlobReference(hash: hash, size: 0))
        return String(decoding: try workspace.blobs.read(manifest.entries[0].blob), as: UTF8.self)
    }

    /// Paths of all blobs in the store.
    var blobPaths: [String] {
        let root = path + "/artifacts/cas"
        return (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).filter {
            $0.utf8.count > 60
        }.map {
            root + "/" + $0
        }
    }

    /// The path of the blob with this content.
    func blobPath(_ text: String) -> String {
        let hex = Hashing.content(text).hex
        return "\(path)/artifacts/cas/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }
}
