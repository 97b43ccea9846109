package import SentioKit
import SentioNumerics
import SentioSongStages
package import SentioTesting

/// Songs with two features that determine their ratings, and labels with an artist.
package struct ToyStudy {
    package let ids: [String]
    package let harness: StageHarness
    package var features: Manifest
    package var labels: Manifest
    package var split: Manifest

    /// - parameter artist: of song i.
    package init(
        _ harness: StageHarness, count: Int = 40, artist: (Int) -> String = { "artist \($0 / 2)" },
        source: (String) -> ContentHash = StageHarness.song
    ) throws {
        self.harness = harness
        let ids = (0..<count).map { "song-\(100 + $0)" }
        self.ids = ids
        var rows: [[String]] = []
        let entries = ids.enumerated().map { index, id in
            let x = Double(index * 37 % 41) / 41, y = Double(index * 17 % 29) / 29
            let valence = 1.5 + 6 * x + 0.3 * Double(index % 3), arousal = 2 + 5 * y - 0.2 * Double(index % 2)
            rows.append([id, "\(valence)", "1", "\(arousal)", "1", artist(index)])
            let bytes = NpyFile.write(NpyArray([x, y, x * y], shape: [3]))
            return Manifest.Entry(id: id, file: id + ".npy", blob: harness.store.write(bytes), sources: [source(id)])
        }
        features = Manifest(type: .features, attributes: ["columns": ["x", "y", "xy"]], entries: entries)
        let table = Table(
            columns: ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist"], rows: rows)
        labels = Manifest(
            type: .labels, attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]],
            entries: [
                Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))
            ],
            rows: ids.map { Manifest.Row(id: $0, sources: [source($0)]) })
        split = labels
        split = try harness.run(
            SplitStage.self, with: ["test": 0.25, "validation": 0.1, "group": "artist"], inputs: ["labels": labels])[
                "split"]!
    }

    /// The same features as a table; `change` may alter its text.
    package func featureTable(_ change: (String) -> String = { $0 }) throws -> Manifest {
        let rows = try features.entries.map { entry in
            [entry.id] + (try NpyFile.read(try harness.store.read(entry.blob)).doubles.map { "\($0)" })
        }
        let text = change(Table(columns: ["song_id", "x", "y", "xy"], rows: rows).csv)
        return Manifest(
            type: .featureTable, attributes: ["columns": ["x", "y", "xy"]],
            entries: [Manifest.Entry(id: "table", file: "features.csv", blob: harness.store.write(Array(text.utf8)))],
            rows: features.entries.map { Manifest.Row(id: $0.id, sources: $0.sources) })
    }

    package var inputs: [String: Manifest] { ["features": features, "labels": labels, "split": split] }
    package func songs(in set: String) throws -> [String] { try harness.table(split).songs(in: set) }
}
