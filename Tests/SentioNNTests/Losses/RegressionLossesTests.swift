import SentioNN
import Testing

@Suite struct RegressionLossesTests {
    @Test func everyLossFileIsInTheList() throws {
        let files = try TypeFiles.names(in: "Losses/Regression", ending: "Loss")
        #expect(
            files == (RegressionLosses.all.map { String(describing: $0) } + ["RegressionLoss"]).sorted(),
            "A loss is missing from RegressionLosses.all, or its file has another name.")
        #expect(Set(RegressionLosses.all.map { $0.name }).count == RegressionLosses.all.count)
    }

    @Test func settingsReachTheLossThatTakesThem() {
        #expect(HuberLoss(RegressionLosses.Settings(huberDelta: 0.3)).delta == 0.3)
    }
}
