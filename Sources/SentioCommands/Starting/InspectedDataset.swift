import SentioKit

/// The kind of dataset that examines folders, among the kinds of this binary.
enum InspectedDataset {
    /// - Throws: `StageFailure` if the binary has none.
    static func kind() throws -> any InspectableDataset.Type {
        for kind in KnownKinds.kinds {
            if let kind = kind as? any InspectableDataset.Type { return kind }
        }
        throw StageFailure("No stage kind of this program can examine a dataset; `song-dataset` can.")
    }
}
