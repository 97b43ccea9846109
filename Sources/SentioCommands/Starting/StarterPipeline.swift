import SentioKit

/// The first pipeline for a folder of songs: three models on handcrafted features, beside the mean rating, and a
/// verdict. Every song is predicted by models that have not seen it, because a first dataset is often small.
struct StarterPipeline {
    /// The file of the JSON Schema, beside the pipeline.
    static let schema = "sentio.schema.json"

    let name: String
    let dataset: DatasetBlock
    /// Number of songs.
    let songs: Int
    /// Whether the metadata name artists, whose songs then stay together.
    let hasArtists: Bool
    /// The command that runs it.
    let command: String

    /// Ten folds where they have ten songs each; at least four songs to train on.
    private var folds: Int { songs >= 100 ? 10 : max(2, min(5, songs / 2)) }

    /// The content of the file.
    var text: String {
        let group =
            hasArtists
            ? ["    with: { folds: \(folds), group: [artist, none] }"]
            : [
                "    # With a column `artist` in metadata.csv, write `group: artist`: an artist's songs then stay",
                "    # together.",
                "    with: { folds: \(folds), group: none }",
            ]
        let head = [
            "# yaml-language-server: $schema=\(Self.schema)",
            "#",
            "# Ridge regression, support vectors and boosted trees on handcrafted features, beside the mean rating.",
            "# Each song is predicted by models that have not seen it; the run ends with a verdict on the last two.",
            "#",
            "#   \(command)",
            "pipeline: \(YAMLText.of(.string(name)))",
            "seed: 42",
            "headline: cv.svr vs cv.trees",
            "stages:",
        ]
        let features = [
            "  # A song that cannot be decoded is left out, with a warning.",
            "  waves: { uses: decode, in: { audio: songs.audio }, on_error: skip }",
            "  features: { uses: handcrafted-features, in: { waveforms: waves } }",
            "  cv:",
            "    uses: cross-validate",
            "    in: { labels: songs.labels }",
        ]
        let models = [
            "    stages:",
            "      ridge: { uses: ridge, in: &learns { features: features, labels: songs.labels, split: split } }",
            "      svr: { uses: svr, in: *learns, with: { c: [0.3, 1, 3, 10, 30] } }",
            "      trees: { uses: gbdt, in: *learns }",
        ]
        return (head + dataset.lines(indent: 2) + features + group + models).joined(separator: "\n") + "\n"
    }
}
