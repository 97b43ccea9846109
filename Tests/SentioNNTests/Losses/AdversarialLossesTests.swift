import SentioNN
import Testing

@Suite struct AdversarialLossesTests {
    @Test func everyLossFileIsInTheList() throws {
        let files = try TypeFiles.names(in: "Losses/Adversarial", ending: "Loss")
        #expect(
            files == (AdversarialLosses.all.map { String(describing: $0) } + ["AdversarialLoss"]).sorted(),
            "A loss is missing from AdversarialLosses.all, or its file has another name.")
        #expect(Set(AdversarialLosses.all.map { $0.name }).count == AdversarialLosses.all.count)
    }

    @Test func settingsReachTheLossThatTakesThem() {
        let losses = AdversarialLosses.all.map { $0.init(AdversarialLosses.Settings(smoothing: 0.1, penalty: 0)) }
        #expect(losses.map(\.gradientPenalty) == [nil, nil, 0])
        #expect(CrossEntropyLoss(AdversarialLosses.Settings(smoothing: 0.1)).smoothing == 0.1)
    }

    /// The zero of a Wasserstein critic's scores means nothing.
    @Test func thresholds() {
        #expect(HingeLoss().threshold(real: [4, 6], fake: [1, 1]) == 0)
        #expect(WassersteinLoss().threshold(real: [4, 6], fake: [1, 1]) == 3)
    }
}
