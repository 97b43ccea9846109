import SentioKit
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport

@testable import SentioNetworkStages

/// Songs whose ratings over time follow two of the three values of their patches.
struct SequenceToys {
    static let patchSeconds = 3.0
    let harness: StageHarness
    let ids: [String]
    var embeddings: Manifest
    var ratings: Manifest
    var labels: Manifest
    var split: Manifest

    /// - parameter rated: whether song i has ratings over time.
    init(_ harness: StageHarness, count: Int = 20, rated: (Int) -> Bool = { _ in true }) throws {
        self.harness = harness
        let ids = (0..<count).map { "song-\(100 + $0)" }
        self.ids = ids
        var heard: [Manifest.Entry] = [], said: [Manifest.Entry] = []
        for (index, id) in ids.enumerated() {
            var random = Philox(key: 4, stream: UInt64(index))
            let level = random.nextNormal(), slope = random.nextNormal()
            var patches: [Float] = []
            for patch in 0..<5 {
                patches += [Float(level), Float(slope * Double(patch - 2)), Float(random.nextNormal())]
            }
            heard.append(
                Manifest.Entry(
                    id: id, file: id + ".npy",
                    blob: harness.store.write(NpyFile.write(NpyArray(patches, shape: [5, 3]))),
                    sources: [StageHarness.song(id)]))
            guard rated(index) else { continue }
            // The last song is rated at fewer moments.
            let steps = index == count - 1 ? 9 : 13, times: [Double] = (0..<steps).map { 3 + 0.5 * Double($0) }
            var values: [Double] = []
            for time in times {
                let course = slope * (time / SequenceToys.patchSeconds - 2.5)
                values += [0.2 * level + 0.01 * random.nextNormal(), 0.1 * course]
            }
            let series = TimeSeries(times: times, values: Matrix(rows: steps, columns: 2, values: values))
            said.append(
                Manifest.Entry(
                    id: id, file: id + ".npy", blob: harness.store.write(SequenceFile.bytes(series)),
                    sources: [StageHarness.song(id)]))
        }
        embeddings = Manifest(
            type: .embeddings,
            attributes: [
                "patch_seconds": .double(Self.patchSeconds), "architecture": "musicnn", "tags": [],
                "parts": [["name": "penultimate", "size": 2], ["name": "tags", "size": 1]],
            ], entries: heard)
        ratings = Manifest(
            type: .ratingSequences,
            attributes: SequenceCollection.attributes(dimensions: ["valence", "arousal"], scale: -1...1), entries: said)
        let rows = ids.enumerated().map { [$1, "\(2 + $0 % 6)", "1", "\(3 + $0 % 4)", "1"] }
        let table = Table(columns: ["song_id", "valence", "valence_std", "arousal", "arousal_std"], rows: rows)
        labels = Manifest(
            type: .labels, attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]],
            entries: [Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))],
            rows: ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
        split = labels
        split = try harness.run(
            SplitStage.self, with: ["test": 0.3, "validation": 0.2], inputs: ["labels": labels])["split"]!
    }

    var inputs: [String: Manifest] { ["embeddings": embeddings, "ratings": ratings, "split": split] }
    func songs(in set: String) throws -> [String] { try harness.table(split).songs(in: set) }

    func series(_ manifest: Manifest, _ id: String) throws -> TimeSeries {
        guard let entry = manifest.entry(id) else { throw StageFailure("no \(id)") }
        return try SequenceFile.read(
            try harness.store.read(entry.blob), columns: 2, song: id, port: SequenceStudy.ratings)
    }
}
