import SentioKit
import SentioSpec

/// The places where a stage leaves files in the user's folder: cleared before it runs, restored if its record answers.
/// No other run writes there meanwhile, since this one holds them (`OutputClaim`).
struct StageFolder: Sendable {
    private let node: StageNode
    private let pipeline: String
    private let workspace: Workspace
    private let outputs: WorkspaceOutputs
    private let mark: AttemptMark

    /// nil for a stage that leaves no files there.
    init?(_ node: StageNode, pipeline: String, directory: String, workspace: Workspace) {
        guard node.outputs.contains(where: { $0.workspacePath != nil }) else { return nil }
        self.node = node
        self.pipeline = pipeline
        self.workspace = workspace
        outputs = WorkspaceOutputs(directory: directory, workspace: workspace)
        mark = AttemptMark(workspace: workspace, pipeline: pipeline, stage: node.name)
    }

    private var previous: StageRecord? { try? workspace.records.latest(pipeline: pipeline, stage: node.name) }

    /// Begins an attempt: clears the places as if the stage had never run. Whatever the cache cannot restore is moved
    /// aside.
    /// - returns: messages for the user.
    /// - throws: `BlobStoreError`.
    func prepare() throws -> [String] {
        let previous = previous
        let gone = outputs.leftovers(of: node, previous: previous, next: nil)
        try outputs.remove(gone, of: node, previous: previous, next: nil)
        let cleared = try outputs.clear(for: node, after: mark.window)
        mark.begin()
        return RestoreText.sentences(cleared, stage: node.name, previous == nil ? .firstRun : .laterRun)
    }

    /// The attempt ended with a result.
    func finish() { mark.clear() }

    /// The attempt ended without one.
    func fail() { mark.fail() }

    /// Restores the outputs of the stage as a record has them.
    /// - returns: messages for the user.
    /// - throws: `BlobStoreError`, `StageFailure`.
    func restore(_ record: StageRecord) throws -> [String] {
        if try workspace.records.latestKey(pipeline: pipeline, stage: node.name) != record.key {
            let previous = previous
            let gone = outputs.leftovers(of: node, previous: previous, next: record)
            try outputs.remove(gone, of: node, previous: previous, next: record)
        }
        var sentences: [String] = []
        let attempt = mark.window
        if attempt != nil {
            let cleared = try outputs.clear(for: node, beside: record, after: attempt)
            sentences += RestoreText.sentences(cleared, stage: node.name, .restored)
        }
        for output in node.outputs where output.workspacePath != nil {
            guard let blob = record.outputs[output.name] else { continue }
            let restored = try outputs.restore(output, try workspace.manifest(blob), after: attempt)
            sentences += RestoreText.sentences(restored, stage: node.name)
        }
        mark.clear()
        return sentences
    }
}
