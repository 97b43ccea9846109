import SentioLearn
import Testing

@Suite struct GBDTLossTests {
    @Test func namesFindTheirLosses() {
        #expect(GBDTLoss.names == ["squared", "absolute", "huber", "quantile"])
        for loss in GBDTLoss.all { #expect(GBDTLoss(name: loss.name) == loss) }
        #expect(GBDTLoss(name: "hinge") == nil)
    }

    @Test func defaultsAreXGBoosts() {
        #expect(GBDTLoss.all == [.squared, .absolute, .huber(slope: 1), .quantile(alpha: 0.5)])
    }

    @Test func parametersGoToTheLossesThatHaveThem() {
        let others = GBDTLoss.all.map { $0.with(slope: 2, alpha: 0.9) }
        #expect(others == [.squared, .absolute, .huber(slope: 2), .quantile(alpha: 0.9)])
        #expect(Set(others + GBDTLoss.all).count == 6)
        #expect(GBDTLoss.huber(slope: 2) != .quantile(alpha: 2))
    }

    @Test(arguments: GBDTLoss.all) func everyLossFitsAndIsReadBack(loss: GBDTLoss) throws {
        let (x, y) = GBDTTestKit.table(60, 3, targets: 2)
        var options = GBDT()
        (options.rounds, options.loss) = (3, loss)
        let model = try options.fit(features: x, targets: y).model
        #expect(try XGBoostModelFile(XGBoostModelFile(model).encode()).model == model)
    }
}
