/// A kind of dataset that can examine a user's folder before there is a pipeline: `dataset check` and `init` ask it, so
/// that the tables are read by the code that will read them in a run.
public protocol InspectableDataset: StageKind {
    /// Examines a folder. Writes nothing.
    /// - Parameters:
    ///   - folder: Its path, as the user wrote it; findings name places below it in the same way.
    ///   - readsSongs: Whether to read and decode every song, for lengths, damage and copies.
    ///   - threads: How many songs to read at a time.
    ///   - progress: Called after each song that was read, from any thread.
    /// - Throws: `StageFailure` if there is no such folder; `BlobStoreError` if it cannot be read.
    static func inspect(
        _ folder: String, readsSongs: Bool, threads: Int, progress: @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws -> DatasetInspection
}
