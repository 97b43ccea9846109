import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

@Suite struct ComparisonStageTests {
    let harness = StageHarness()

    private func scores(_ r2: Double, baseline: Double = -0.1, set: String = "test", spread: Bool = false) -> Manifest {
        func row(_ predictor: String, _ value: Double) -> Value {
            var fields: [String: Value] = [
                "set": .string(set), "predictor": .string(predictor), "dimension": "valence", "songs": 20,
                "r2": .double(value),
                "rmse": 1.25, "ccc": 0.5, "mae": 1, "pearson": 0.6, "mse": .double(1.5625 - value),
                "r2_low": .double(value - 0.1),
                "r2_high": .double(value + 0.1),
            ]
            if spread {
                fields["r2_mean"] = .double(value)
                fields["r2_sd"] = 0.05
                fields["folds"] = 10
            }
            return .map(fields)
        }
        let json: Value = ["schema": 1, "rows": [row("model", r2), row("mean of training songs", baseline)]]
        return Manifest(
            type: .scores,
            entries: [
                .init(id: "scores.json", file: "scores.json", blob: harness.store.write(Array(JSON.text(json).utf8)))
            ])
    }

    private func run(_ inputs: [String: Manifest], _ given: [String: Value] = [:]) throws -> Manifest {
        try harness.run(ComparisonStage.self, with: given, inputs: inputs)["table"]!
    }

    @Test func modelsStandBesideEachOtherAndTheMeanPredictorOnce() throws {
        let table = try run(["ridge": scores(0.5), "gbdt": scores(0.6, spread: true)], ["order": ["ridge"]])
        #expect(
            try harness.text(table, "comparison.md") == """
                | model | dimension | R² | R² over folds | RMSE | CCC | songs |
                | --- | --- | ---: | ---: | ---: | ---: | ---: |
                | ridge | valence | 0.500 [0.400, 0.600] |  | 1.250 | 0.500 | 20 |
                | gbdt | valence | 0.600 [0.500, 0.700] | 0.600 ± 0.050 | 1.250 | 0.500 | 20 |
                | mean of training songs | valence | -0.100 [-0.200, 0.000] |  | 1.250 | 0.500 | 20 |

                """)
        let csv = try CSVReader.read(Array(try harness.text(table, "comparison.csv").utf8))
        #expect(csv.rows.map { $0[0] } == ["ridge", "gbdt", "mean of training songs"])
        let spread = try #require(csv.column("r2_sd"))
        #expect(csv.rows.map { $0[spread] } == ["", "0.05", ""])
        #expect(
            harness.services.metrics["gbdt.valence.r2"] == 0.6
                && harness.services.metrics["baseline.valence.r2"] == -0.1)
        let rows = try JSON.parse(try harness.text(table, "comparison.json"))["rows"]?.list
        #expect(rows?.compactMap { $0["model"]?.string } == csv.rows.map { $0[0] })
    }

    @Test func meanPredictorsOfOtherSongsStandApart() throws {
        let table = try run(["a": scores(0.5), "b": scores(0.6, baseline: -0.2)])
        let csv = try CSVReader.read(Array(try harness.text(table, "comparison.csv").utf8))
        #expect(csv.rows.map { $0[0] } == ["a", "b", "mean of training songs", "mean of training songs (b)"])
    }

    @Test func theMeanOfEachSetIsABaselineToo() throws {
        func row(_ predictor: String, _ r2: Double) -> Value {
            [
                "set": "test", "predictor": .string(predictor), "dimension": "valence", "songs": 20, "r2": .double(r2),
                "mse": .double(1 - r2),
            ]
        }
        let json: Value = [
            "schema": 1,
            "rows": [
                row("model", 0.5), row("mean of training songs", 0), row("mean of each set's training songs", 0.2),
            ],
        ]
        let blob = harness.store.write(Array(JSON.text(json).utf8))
        let scores = Manifest(type: .scores, entries: [.init(id: "scores.json", file: "scores.json", blob: blob)])
        let table = try run(["a": scores, "b": scores])
        let csv = try CSVReader.read(Array(try harness.text(table, "comparison.csv").utf8))
        #expect(
            csv.rows.map { $0[0] } == ["a", "b", "mean of training songs", "mean of each set's training songs"])
        #expect(harness.services.metrics["baseline.within.valence.r2"] == 0.2)
    }

    @Test func whatCannotBeComparedIsASentence() throws {
        #expect(sentence { _ = try run([:]) }.contains("nothing to compare"))
        #expect(
            sentence { _ = try run(["a": scores(0.5)], ["set": "validation"]) }.contains(
                "no set `validation`; they have test"))
        let broken = Manifest(
            type: .scores, entries: [.init(id: "s", file: "s", blob: harness.store.write(Array("{".utf8)))])
        #expect(sentence { _ = try run(["a": broken]) }.hasPrefix("The scores on `a` of comparison cannot be read"))
        let empty = Manifest(
            type: .scores, entries: [.init(id: "s", file: "s", blob: harness.store.write(Array("{}".utf8)))])
        #expect(sentence { _ = try run(["a": empty]) }.contains("have no rows"))
    }
}
