package import SentioKit

extension SongDatasetStage: InspectableDataset {
    package static func inspect(
        _ folder: String, readsSongs: Bool, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws -> DatasetInspection {
        var inspector = try FolderInspector(folder)
        return try inspector.inspect(readsSongs: readsSongs, threads: threads, progress: progress)
    }
}
