import Foundation
import SentioEngine
import SentioKit
import Synchronization

enum TestFiles {
    /// The number in a file; nil where there is none.
    static func number(_ path: String) -> Int? {
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0) }
    }
    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}

/// A folder of its own with a pipeline file, songs and a workspace; gone when the test is over.
final class TestProject {
    let path: String
    var workspace: Workspace

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/sentio-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path + "/songs", withIntermediateDirectories: true)
        workspace = try Workspace(path: path + "/artifacts")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Opens the workspace anew, as the next process does.
    func reopen() throws { workspace = try Workspace(path: path + "/artifacts") }

    func song(_ id: String, _ text: String) throws { try TestFiles.write(text, to: "\(path)/songs/\(id).txt") }
    func write(_ text: String, to name: String) throws { try TestFiles.write(text, to: path + "/" + name) }
    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func pipeline(_ yaml: String, name: String = "p.yaml", profile: String? = nil, sets: [String] = []) throws
        -> Pipeline
    {
        try write(yaml, to: name)
        return try Pipeline(
            path: path + "/" + name, options: LoadOptions(profile: profile, sets: sets), registry: Toys.registry)
    }

    /// All problems of a file, with the folder's own path taken out.
    func problems(_ yaml: String, profile: String? = nil, sets: [String] = []) -> [String] {
        do {
            _ = try pipeline(yaml, profile: profile, sets: sets)
            return []
        } catch let errors as PipelineErrors {
            return errors.diagnostics.map { $0.description.replacingOccurrences(of: path + "/", with: "") }
        } catch {
            return ["\(error)"]
        }
    }

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

/// Keeps the events of a run.
final class EventLog: RunEventSink {
    private let events = Mutex<[RunEvent]>([])
    func receive(_ event: RunEvent) { events.withLock { $0.append(event) } }
    var all: [RunEvent] { events.withLock { $0 } }
    var warnings: [String] { all.compactMap { if case .warning(_, let sentence) = $0 { sentence } else { nil } } }
    var started: [String] { all.compactMap { if case .stageStarted(let start) = $0 { start.stage } else { nil } } }
}

extension RunOutcome {
    /// `a executed, b cached`.
    var states: String { stages.map { "\($0.stage) \($0.state.rawValue)" }.joined(separator: ", ") }
    subscript(stage: String) -> StageOutcome? { stages.first { $0.stage == stage } }
}
