import SentioEngine
import SentioKit
import SentioRunStore

/// Connects the run store to a run. If the history cannot be opened, this is reported and the run continues: the cache
/// does not depend on it.
struct History {
    /// Nil if it cannot be opened.
    let store: RunStore?
    private let workspace: Workspace

    init(workspace: Workspace) {
        self.workspace = workspace
        do {
            let store = try RunStore.open(path: workspace.runStorePath)
            for run in try store.settleEnded() { Output.error("warning: \(run.sentence)") }
            self.store = store
        } catch {
            Output.error("warning: \(error) The run is not recorded.")
            store = nil
        }
    }

    /// A recorder for one run; nil if there is no store.
    func recorder() -> RunRecorder? {
        guard let store else { return nil }
        let workspace = workspace
        return RunRecorder(
            store: store,
            // With a short interval, batches are written during the run rather than all at its end.
            interval: 0.03,
            predictions: { outcome in try Self.predictions(of: outcome, in: workspace) },
            artifactTypes: { outcome in Self.types(of: outcome, in: workspace) },
            report: { Output.error("warning: \($0)") })
    }

    private static func types(of outcome: StageOutcome, in workspace: Workspace) -> [String: String] {
        outcome.outputs.compactMapValues { hash in (try? Self.manifest(hash, in: workspace))?.type }
    }

    /// The predictions for single songs in a stage's outputs.
    static func predictions(of outcome: StageOutcome, in workspace: Workspace) throws -> [(
        artifact: ContentHash, rows: [ItemPrediction]
    )] {
        try outcome.outputs.values.compactMap { hash in
            let manifest = try manifest(hash, in: workspace)
            guard manifest.type == ArtifactType.scoredSongs.name, let entry = manifest.entries.first else { return nil }
            let table = try CSVReader.read(try workspace.blobs.read(entry.blob))
            let songs = Dictionary(
                manifest.rows.compactMap { row in row.sources.count == 1 ? (row.id, row.sources[0]) : nil },
                uniquingKeysWith: { $1 })
            return (hash, rows(table, songs))
        }
    }

    private static func manifest(_ hash: ContentHash, in workspace: Workspace) throws -> Manifest {
        // The event does not contain the size of the manifest; reading verifies the content anyway.
        try workspace.manifest(BlobReference(hash: hash, size: 0))
    }

    /// - Parameter songs: hash of the audio by song id.
    private static func rows(_ table: Table, _ songs: [String: ContentHash]) -> [ItemPrediction] {
        guard let song = table.column("song_id"), let set = table.column("set") else { return [] }
        let dimensions = table.columns.filter { $0.hasSuffix("_true") }.map { String($0.dropLast(5)) }
        return table.rows.flatMap { row in
            dimensions.compactMap { dimension -> ItemPrediction? in
                guard let truth = table.column(dimension + "_true").flatMap({ Double(row[$0]) }),
                    let predicted = table.column(dimension + "_predicted").flatMap({ Double(row[$0]) })
                else { return nil }
                return ItemPrediction(
                    songID: row[song], set: row[set], dimension: dimension, truth: truth, predicted: predicted,
                    song: songs[row[song]])
            }
        }
    }
}
