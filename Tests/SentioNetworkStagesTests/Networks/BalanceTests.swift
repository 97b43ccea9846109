import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct BalanceTests {
    let harness = StageHarness()

    /// Labels with a genre that few songs have.
    private func study() throws -> SpectrogramStudy {
        var study = try SpectrogramStudy(harness)
        let table = try harness.table(study.labels)
        let rows = table.rows.enumerated().map { index, row in row + [index % 5 == 0 ? "jazz" : "rock"] }
        study.labels.entries = [
            Manifest.Entry(
                id: "table", file: "labels.csv",
                blob: harness.write(Table(columns: table.columns + ["genre"], rows: rows)))
        ]
        return study
    }

    @Test func anEpochDrawsEveryValueEquallyOften() throws {
        let study = try study(), plain = try study.train(), balanced = try study.train(["balance": "genre"])
        #expect(plain["model"] != balanced["model"])
        #expect(try study.train(["balance": "genre"])["model"] == balanced["model"])
        #expect(harness.services.lines.contains { $0.hasPrefix("training items by genre") && $0.contains("jazz") })
        let weights = try harness.run(
            CRNNTrainStage.self, with: CRNNTrainStageTests.tiny.merging(["balance": "genre"]) { $1 },
            inputs: study.inputs)
        #expect(weights["model"] != nil)
    }

    @Test func aColumnThatIsNotThereIsRefused() throws {
        let study = try study()
        #expect(
            sentence { _ = try study.train(["balance": "gendre"]) }
                == "The labels have no column `gendre` for `balance`; they have valence, valence_std, arousal, "
                + "arousal_std, genre. Did you mean `genre`?")
    }

    /// Keys of networks that were trained before the parameter existed stay valid.
    @Test func theKeyHoldsItOnlyIfGiven() throws {
        #expect(try Configuration(ASTTrainStage.parameters).identity["balance"] == nil)
        let given = try Configuration(ASTTrainStage.parameters, given: ["balance": "genre"])
        #expect(given.identity["balance"] == "genre")
    }
}
