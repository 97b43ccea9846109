import Foundation
import GRDB
import SentioKit

/// What an export to MLflow wrote.
public struct MLflowExportCounts: Sendable, Equatable {
    public var runs: Int
    /// Points of metrics, curves included.
    public var metrics: Int
    /// Texts that were longer than MLflow has room for.
    public var cut: Int
}

extension RunStore {
    /// The MLflow version whose database is written.
    public static var mlflowVersion: String { MLflowSchema.version }

    /// Writes runs into a new MLflow tracking database: the file is whole or not there.
    /// - parameter runs: whole ids.
    /// - parameter file: must not exist.
    /// - throws: `RunStoreError`, `fileExists` where something is in the way.
    public func exportMLflow(_ runs: [String], to file: String) throws(RunStoreError) -> MLflowExportCounts {
        guard !FileManager.default.fileExists(atPath: file) else { throw .fileExists(file) }
        let named: OutputFile
        do { named = try OutputFile(file) } catch { throw .failed(path: file, detail: error.reason) }
        // A link to nothing stays, and what it names is made.
        guard let place = named.target else { throw .failed(path: file, detail: "it is no regular file") }
        let half = place + ".part-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        defer {
            for suffix in ["", "-journal", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: half + suffix)
            }
        }
        do {
            let target = try DatabaseQueue(path: half)
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
            guard rename(half, place) == 0 else {
                throw RunStoreError.failed(path: file, detail: String(cString: strerror(errno)))
            }
            FolderSync.synchronize(Paths.directory(of: place))
            return MLflowExportCounts(runs: counts.runs, metrics: counts.metrics, cut: counts.cut)
        } catch { throw RunStoreError(error, path: file) }
    }
}
