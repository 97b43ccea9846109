import Foundation
import GRDB
import SentioKit

/// What an MLflow export wrote.
public struct MLflowExportCounts: Sendable, Equatable {
    /// Number of runs.
    public var runs: Int
    /// Number of metric points, including those of series.
    public var metrics: Int
    /// Number of texts that were truncated to the length limits of MLflow.
    public var truncated: Int
}

extension RunStore {
    /// The MLflow version whose database schema the export writes.
    public static var mlflowVersion: String { MLflowSchema.version }

    /// Writes runs into a new MLflow tracking database. The file is renamed into place when it is complete.
    /// - Parameter runs: full ids.
    /// - Parameter file: must not exist.
    /// - Throws: `RunStoreError`; `fileExists` if the file exists.
    public func exportMLflow(_ runs: [String], to file: String) throws(RunStoreError) -> MLflowExportCounts {
        guard !FileManager.default.fileExists(atPath: file) else { throw .fileExists(file) }
        let named: OutputFile
        do { named = try OutputFile(file) } catch { throw .failed(path: file, detail: error.reason) }
        // A dangling link is kept, and its target is created.
        guard let place = named.target else { throw .failed(path: file, detail: "it is not a regular file") }
        let temporary = place + ".part-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        defer {
            for suffix in ["", "-journal", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: temporary + suffix)
            }
        }
        do {
            let target = try DatabaseQueue(path: temporary)
            let counts = try target.write { db in
                var export = try MLflowExport(db)
                for run in runs {
                    let (details, series) = try pool.read { db in
                        let details = try Self.details(run, db)
                        let series = try details.stages.flatMap { stage in
                            try stage.series.keys.sorted().map {
                                (stage.stage, $0, try Self.points(run: run, stage: stage.stage, name: $0, db))
                            }
                        }
                        return (details, series)
                    }
                    try export.add(details, series: series)
                }
                return export.counts
            }
            try target.close()
            guard rename(temporary, place) == 0 else {
                throw RunStoreError.failed(path: file, detail: String(cString: strerror(errno)))
            }
            FolderSync.synchronize(Paths.directory(of: place))
            return MLflowExportCounts(runs: counts.runs, metrics: counts.metrics, truncated: counts.truncated)
        } catch { throw RunStoreError(error, path: file) }
    }
}
