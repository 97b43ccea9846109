package import SentioKit
package import SentioTesting

/// Labels of 40 songs with artists.
package struct ToyLabels {
    package let labels: Manifest

    package init(_ harness: StageHarness, artist: (Int) -> String) throws {
        let ids = (0..<40).map { "song-\(100 + $0)" }
        let table = Table(
            columns: ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist"],
            rows: ids.enumerated().map { [$1, "5", "1", "5", "1", artist($0)] })
        labels = Manifest(
            type: .labels, attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]],
            entries: [
                Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))
            ],
            rows: ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
    }
}
