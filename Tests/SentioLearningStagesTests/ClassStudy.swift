import SentioKit
import SentioTesting
import StageTestSupport

@testable import SentioLearningStages
import SentioSongStages

/// Songs whose genre is which of their two features is large, and what a classifier makes of them.
struct ClassStudy {
    let harness: StageHarness
    var study: ToyStudy

    static let small: [String: Value] = [
        "rounds": 15, "learning_rate": 0.3, "max_depth": 2, "colsample_bytree": 1, "min_child_weight": 0.1,
    ]

    /// - parameter genre: of song i; nil: by its features.
    init(_ harness: StageHarness, genre: ((Int) -> String)? = nil) throws {
        self.harness = harness
        study = try ToyStudy(harness, count: 60)
        try study.relabel(
            [ToyStudy.Target("valence", 1...9, share: 1)],
            metadata: ["genre": { genre?($0) ?? Self.genre($0) }, "artist": { "artist \($0 / 2)" }])
    }

    /// The features of song i as `ToyStudy` makes them.
    static func genre(_ index: Int) -> String {
        let x = Double(index * 37 % 41) / 41, y = Double(index * 17 % 29) / 29
        return x > 0.6 ? "rock" : y > 0.5 ? "jazz" : "folk"
    }

    func train(_ given: [String: Value] = [:]) throws -> [String: Manifest] {
        try harness.run(GBDTClassifierStage.self, with: Self.small.merging(given) { $1 }, inputs: study.inputs)
    }

    func evaluate(_ predictions: Manifest, _ given: [String: Value] = [:]) throws -> [String: Manifest] {
        try harness.run(
            EvaluateClassesStage.self, with: ["bootstrap": 100].merging(given) { $1 },
            inputs: ["predictions": predictions, "labels": study.labels, "split": study.split])
    }

    /// Predictions that give the true genre a probability, fitted on the training songs.
    func predictions(of truth: Double, classes: [String] = ["folk", "jazz", "rock"]) throws -> Manifest {
        let rest = (1 - truth) / Double(classes.count - 1)
        let rows = study.ids.enumerated().map { index, id in
            [id] + classes.map { $0 == Self.genre(index) ? "\(truth)" : "\(rest)" }
        }
        return Manifest(
            type: .classPredictions,
            attributes: ["column": "genre", "classes": .list(classes.map { .string($0) })],
            entries: [
                Manifest.Entry(
                    id: "table", file: "predictions.csv",
                    blob: harness.write(Table(columns: ["song_id"] + classes, rows: rows)))
            ],
            rows: study.ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)], fitted: 0) },
            fittedSets: [Lineage(try study.songs(in: "train").map(StageHarness.song))])
    }
}
