/// The type of an artifact. Ports declare the types they take, so that a spectrogram connected to `ridge` is refused
/// before anything runs.
public struct ArtifactType: Hashable, Sendable, CustomStringConvertible {
    /// How an artifact's content is organized.
    public enum Form: String, Sendable {
        /// Items, one per song, each with its own blob.
        case collection
        /// One CSV file whose rows belong to songs (first column `song_id`).
        case table
        /// One or more files that belong to no single song.
        case files
    }

    /// Name in manifests and messages: `feature-table`.
    public let name: String
    /// How the content is organized.
    public let form: Form
    /// False for an artifact that only assigns roles to songs (a split): reading it does not count as seeing a song.
    public let carriesSongData: Bool

    /// Declares a type. Use one name for one type in a whole program.
    public init(_ name: String, form: Form, carriesSongData: Bool = true) {
        self.name = name
        self.form = form
        self.carriesSongData = carriesSongData
    }

    public var description: String { name }

    // What the engine or a report reads, and tables that kinds of any field share. A module of stage kinds adds its own
    // in an extension, as SentioSongStages does.

    /// `.npy` float32 [samples], mono; attribute `sample_rate` (Hz).
    public static let waveforms = ArtifactType("waveforms", form: .collection)
    /// `.npy` float32 [mels, frames].
    public static let spectrograms = ArtifactType("spectrograms", form: .collection)
    /// `.npy` float64 [features]; attribute `columns` names them.
    public static let features = ArtifactType("features", form: .collection)
    /// CSV: song_id, then one column per feature; an empty cell is a missing value.
    public static let featureTable = ArtifactType("feature-table", form: .table)
    /// CSV: song_id, one column per dimension and its spread, metadata columns; attribute `scale` [low, high].
    public static let labels = ArtifactType("labels", form: .table)
    /// CSV: song_id, set (train, validation, test), fold.
    public static let split = ArtifactType("split", form: .table, carriesSongData: false)
    /// CSV: song_id, group, then for each repeat of a cross-validation the song's fold, `fold_0`…; attribute `folds`.
    public static let folds = ArtifactType("folds", form: .table, carriesSongData: false)
    /// CSV: song_id, one column per predicted dimension, in rating units.
    public static let predictions = ArtifactType("predictions", form: .table)
    /// CSV: song_id, set, then for each dimension `<dimension>_true` and `<dimension>_predicted`, in rating units.
    public static let scoredSongs = ArtifactType("scored-songs", form: .table)
    /// JSON: the result of `evaluate`.
    public static let scores = ArtifactType("scores", form: .files)
    /// CSV, Markdown and JSON: models compared side by side.
    public static let comparison = ArtifactType("comparison", form: .files)
    /// Files with content unknown to the engine: outputs of `command`.
    public static let files = ArtifactType("files", form: .files)
}
