import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages
import SentioTesting
import StageTestSupport

@testable import SentioNetworkStages

/// Songs whose loudness determines their ratings: six of one patch and two of two patches.
struct FineTuneStudy {
    static let given: [String: Value] = [
        "epochs": 2, "batch": 2, "epoch_patches": 1, "learning_rate": 0.005, "warmup": 0,
    ]

    let songs: SpectrogramStudy
    let harness: StageHarness
    var waveforms: Manifest
    var labels: Manifest
    let weights: Manifest
    let values: [String: [Float]]

    init(_ harness: StageHarness, rate: Int = 16_000) throws {
        self.harness = harness
        songs = try SpectrogramStudy(harness, count: 8)
        labels = songs.labels
        var sounds: [String: [UInt8]] = [:]
        for (index, id) in songs.ids.enumerated() {
            let level = Float(index * 37 % 41) / 20 - 1
            let samples = (0..<(index < 2 ? 98_000 : 49_000)).map { place in
                (0.3 + 0.25 * level) * (Float((place * place / 37) % 200) / 200 - 0.5)
            }
            sounds[id] = NpyFile.write(NpyArray(samples, shape: [samples.count]))
        }
        waveforms = harness.collection(.waveforms, sounds, attributes: ["sample_rate": .int(rate)])
        let parameters = ParameterSet(MusiCNN(), seed: 3)
        let tensors = parameters.entries.map {
            ($0.name, SafetensorsFile.Tensor(shape: $0.parameter.shape.dims, values: Array(parameters[$0])))
        }
        values = Dictionary(uniqueKeysWithValues: tensors.map { ($0.0, $0.1.values) })
        let bytes = try SafetensorsFile(
            Dictionary(uniqueKeysWithValues: tensors), metadata: ["architecture": "musicnn"]
        ).bytes()
        weights = Manifest(
            type: .weights, attributes: ["architecture": "musicnn"],
            entries: [Manifest.Entry(id: "w.safetensors", file: "w.safetensors", blob: harness.store.write(bytes))])
    }

    /// Gives the labels a column `source`.
    mutating func setSources(_ source: (Int) -> String) throws {
        let table = try harness.table(labels)
        let columns = table.columns.filter { $0 != "source" }
        let rows = table.rows.enumerated().map { index, row in Array(row.prefix(columns.count)) + [source(index)] }
        labels = Manifest(
            type: .labels, attributes: labels.attributes,
            entries: [
                Manifest.Entry(
                    id: "table", file: "labels.csv",
                    blob: harness.write(Table(columns: columns + ["source"], rows: rows)))
            ], rows: labels.rows)
    }

    func train(_ more: [String: Value] = [:], services: (any StageServices)? = nil) throws -> [String: Manifest] {
        try harness.run(
            FineTuneStage.self, with: Self.given.merging(more) { $1 },
            inputs: ["waveforms": waveforms, "weights": weights, "labels": labels, "split": songs.split],
            services: services)
    }

    func patches(in sets: [String]) throws -> Int {
        try sets.reduce(0) { sum, set in
            sum + (try songs.songs(in: set).reduce(0) { $0 + (songs.ids.firstIndex(of: $1) ?? 9 < 2 ? 2 : 1) })
        }
    }
}
