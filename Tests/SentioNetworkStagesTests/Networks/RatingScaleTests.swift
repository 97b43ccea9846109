import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct RatingScaleTests {
    @Test func everyDimensionIsMappedByItsOwnScale() {
        let scale = RatingScale([1...9, 40...220, 0...1])
        let ratings = Matrix(rows: 2, columns: 3, values: [1, 220, 0.5, 5, 130, 1])
        let mapped = scale.scaled(ratings)
        #expect(mapped == [-1, 1, 0, 0, 0, 1])
        #expect(scale.ratings(mapped.map { Double($0) }, dimensions: 3) == ratings)
        #expect(scale.halfRange == 4 && scale.relativeRange(1) == 22.5)
        #expect(
            scale.value == [
                "center": [.double(5), .double(130), .double(0.5)],
                "half_range": [.double(4), .double(90), .double(0.5)],
            ])
    }

    @Test func oneScaleIsStoredAsBefore() {
        #expect(RatingScale([1...9, 1...9]) == RatingScale(1...9))
        #expect(RatingScale([1...9, 1...9]).value == ["center": .double(5), "half_range": .double(4)])
    }

    /// A network with one target and with three predicts in their own units.
    @Test(arguments: [1, 3]) func networksLearnAnyNumberOfTargets(_ count: Int) throws {
        let harness = StageHarness()
        var study = try SpectrogramStudy(harness)
        let names = Array(["energy", "tempo", "valence"].prefix(count))
        let scales: [ClosedRange<Double>] = Array([0...1, 40...220, 1...9].prefix(count))
        let rows = study.ids.enumerated().map { index, id in
            [id] + scales.map { "\($0.lowerBound + ($0.upperBound - $0.lowerBound) * Double(1 + index % 7) / 8)" }
        }
        var attributes: [String: Value] = ["dimensions": .list(names.map { .string($0) })]
        if count == 1 {
            attributes["scale"] = [0, 1]
        } else {
            attributes["scales"] = .list(scales.map { [.double($0.lowerBound), .double($0.upperBound)] })
        }
        study.labels.attributes = attributes
        study.labels.entries = [
            Manifest.Entry(
                id: "table", file: "labels.csv", blob: harness.write(Table(columns: ["song_id"] + names, rows: rows)))
        ]
        let outputs = try study.train()
        let table = try harness.table(try #require(outputs["predictions"]))
        #expect(table.columns == ["song_id"] + names)
        for (column, scale) in scales.enumerated() {
            let values = table.rows.compactMap { Double($0[column + 1]) }
            let width = scale.upperBound - scale.lowerBound
            #expect(values.count == study.ids.count)
            #expect(values.allSatisfy { $0 > scale.lowerBound - width && $0 < scale.upperBound + width })
        }
    }

    /// Spreads of a target count relative to its scale.
    @Test func raterNoiseIsInUnitsOfTheFirstScale() throws {
        let harness = StageHarness()
        let table = Table(columns: ["song_id", "a_std", "b_std"], rows: [["s", "2", "45"], ["t", "0", "0"]])
        let manifest = Manifest(
            type: .labels,
            entries: [Manifest.Entry(id: "table", file: "labels.csv", blob: harness.write(table))],
            rows: ["s", "t"].map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
        let context = StageContext(
            stage: "test", runID: "run", runSeed: 1, seed: 1, threads: 1, temporaryDirectory: "",
            workingDirectory: ".", inputs: ["labels": harness.artifact(manifest)], sourceFiles: [:], outputPorts: [],
            store: harness.store, services: harness.services)
        let weights = try RaterNoise.weights(
            try context.table(NetworkTraining.labels), songs: ["s", "t"], dimensions: ["a", "b"], tau: 1, raters: 1,
            scale: RatingScale([1...9, 40...220]))
        // 45 of 90 is 2 of 4: a variance of 4 for both.
        #expect(abs(weights[0] / weights[1] - 1 / 5) < 1e-12)
    }
}
