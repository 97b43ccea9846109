import Foundation
import SentioKit
import SentioNumerics
import SentioSongStages
import StageTestSupport
import Synchronization
import SentioTesting

@testable import SentioNetworkStages

/// Small spectrograms whose level and slope over time determine their ratings.
struct SpectrogramStudy {
    static let mels = 8
    let ids: [String]
    let harness: StageHarness
    var spectrograms: Manifest
    var labels: Manifest
    var split: Manifest

    /// A network that trains in a moment.
    static let tiny: [String: Value] = [
        "patch": 4, "stride": 4, "dim": 16, "heads": 2, "depth": 1, "ffn": 16, "head_hidden": 0, "frames": 16,
        "batch": 4, "epochs": 3,
        "learning_rate": 0.005, "mel_masks": 0, "frame_masks": 0,
    ]

    /// - parameter frames: of song i.
    init(
        _ harness: StageHarness, count: Int = 16, validation: Double = 0.25,
        frames: (Int) -> Int = { 14 + 3 * ($0 % 4) }
    ) throws {
        self.harness = harness
        ids = (0..<count).map { "song-\(100 + $0)" }
        var rows: [[String]] = [], entries: [Manifest.Entry] = []
        for (index, id) in ids.enumerated() {
            let level = Double(index * 37 % 41) / 20 - 1, slope = Double(index * 17 % 29) / 14 - 1
            rows.append([id, "\(5 + 3 * level)", "\(0.5 + Double(index % 3))", "\(5 + 3 * slope)", "1"])
            let values = Self.values(level: level, slope: slope, frames: frames(index), seed: UInt64(index))
            let bytes = NpyFile.write(NpyArray(values, shape: [Self.mels, frames(index)]))
            entries.append(
                Manifest.Entry(
                    id: id, file: id + ".npy", blob: harness.store.write(bytes), sources: [StageHarness.song(id)]))
        }
        spectrograms = Manifest(type: .spectrograms, attributes: ["n_mels": 8], entries: entries)
        let table = Table(columns: ["song_id", "valence", "valence_std", "arousal", "arousal_std"], rows: rows)
        labels = Manifest(
            type: .labels, attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]],
            entries: [
                Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))
            ],
            rows: ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
        split = labels
        split = try harness.run(
            SplitStage.self, with: ["test": 0.25, "validation": .double(validation)], inputs: ["labels": labels])[
                "split"]!
    }

    static func values(level: Double, slope: Double, frames: Int, seed: UInt64) -> [Float] {
        var random = Philox(key: seed)
        return (0..<mels * frames).map {
            Float(-40 + 10 * level + 10 * slope * Double(($0 / frames) - 3) / 4 + random.nextNormal())
        }
    }

    /// Items as a generator makes them, rated all over the plane.
    /// - parameter seen: what the generator was trained on.
    func synthetic(
        count: Int, seen: [String]? = nil,
        ratings: (Int) -> [Double] = { [1.5 + 7 * Double($0 * 7 % 11) / 10, 1.5 + 7 * Double($0 * 5 % 13) / 12] }
    ) throws -> Manifest {
        var entries: [Manifest.Entry] = [], rated: [String: Value] = [:]
        for index in 0..<count {
            let id = "synthetic-\(100 + index)", values = ratings(index)
            let made = Self.values(
                level: (values[0] - 5) / 3, slope: (values[1] - 5) / 3, frames: 20, seed: UInt64(1000 + index))
            let bytes = NpyFile.write(NpyArray(made, shape: [Self.mels, 20]))
            entries.append(Manifest.Entry(id: id, file: id + ".npy", blob: harness.store.write(bytes), fitted: 0))
            rated[id] = .list(values.map { .double($0) })
        }
        return Manifest(
            type: .labelledSpectrograms,
            attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"], "ratings": .map(rated)],
            entries: entries,
            fittedSets: [Lineage(try (seen ?? Array(songs(in: "train").prefix(5))).map(StageHarness.song))])
    }

    /// Puts another array in a song's place.
    mutating func replace(_ id: String, _ bytes: [UInt8]) {
        guard let index = spectrograms.entries.firstIndex(where: { $0.id == id }) else { return }
        spectrograms.entries[index].blob = harness.store.write(bytes)
    }

    var inputs: [String: Manifest] { ["spectrograms": spectrograms, "labels": labels, "split": split] }
    func songs(in set: String) throws -> [String] { try harness.table(split).songs(in: set) }

    func train(
        _ more: [String: Value] = [:], seed: UInt64 = 7, services: (any StageServices)? = nil,
        sourceFiles: [String: [SourceFile]] = [:]
    ) throws -> [String: Manifest] {
        try harness.run(
            ASTTrainStage.self, with: Self.tiny.merging(more) { $1 }, inputs: inputs, sourceFiles: sourceFiles,
            seed: seed,
            services: services)
    }
}

/// Services that stop a stage after so many steps, as Ctrl-C does; checkpoints stay.
final class StoppingServices: StageServices {
    let behind = RecordingServices()
    private let limit: Int

    init(after steps: Int, checkpoints: [UInt8]? = nil) {
        limit = steps
        if let checkpoints { behind.saveCheckpoint(checkpoints, name: Self.checkpoint) }
    }

    static let checkpoint = "training.safetensors"
    private let count = Mutex(0)
    /// How often progress was told.
    var steps: Int { count.withLock { $0 } }

    func log(_ line: String) { behind.log(line) }
    func warn(_ sentence: String) { behind.warn(sentence) }
    func remark(_ sentence: String) { behind.remark(sentence) }
    func progress(done: Int, of total: Int, note: String) { count.withLock { $0 += 1 } }
    func metric(_ name: String, _ value: Double) { behind.metric(name, value) }
    func series(_ name: String, step: Int, _ value: Double) { behind.series(name, step: step, value) }
    var isCancelled: Bool { steps >= limit }
    func saveCheckpoint(_ bytes: [UInt8], name: String, at mark: CheckpointMark) {
        behind.saveCheckpoint(bytes, name: name)
    }
    func loadCheckpoint(name: String) -> [UInt8]? { behind.loadCheckpoint(name: name) }
}
