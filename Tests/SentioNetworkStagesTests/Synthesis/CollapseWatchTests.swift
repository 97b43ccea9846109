@testable import SentioNetworkStages
import StageTestSupport
import Testing

@Suite struct CollapseWatchTests {
    private func problem(_ epochs: [[String: Double]]) -> CollapseWatch.Problem? {
        var history = TrainingHistory()
        history.epochs = epochs
        return CollapseWatch(epochs: 3, of: 10).problem(history)
    }

    private func epoch(_ diversity: Double, _ accuracy: Double = 0.8, loss: Double = 1) -> [String: Double] {
        [
            "samples.diversity": diversity, "critic.accuracy_real": accuracy, "critic.accuracy_fake": accuracy,
            "generator.loss": loss,
        ]
    }

    @Test func aHealthyTrainingIsNotCalledOut() {
        #expect(problem((0..<9).map { _ in epoch(0.7) }) == nil)
        #expect(
            problem([0.01, 0.02, 0.1, 0.4, 0.6].map { epoch($0) }) == nil, "at first every generator makes the same")
    }

    @Test func samplesThatAreAllAlike() {
        guard case .collapsed(let sentence) = problem([0.7, 0.7, 0.2, 0.1, 0.1].map({ epoch($0) })) else {
            Issue.record("no collapse")
            return
        }
        #expect(sentence.hasPrefix("The generator has collapsed: in epochs 3 to 5"))
        #expect(problem([0.7, 0.7, 0.1, 0.3, 0.1].map { epoch($0) }) == nil)
    }

    @Test func aGameThatIsWon() {
        let early = [epoch(0.7), epoch(0.7)]
        let won = [2.0, 3, 5].map { epoch(0.7, 1, loss: $0) }
        guard case .won(let sentence) = problem(early + won) else {
            Issue.record("not won")
            return
        }
        #expect(sentence.hasPrefix("The critic has won: in epochs 3 to 5"))
        #expect(problem(early + won.reversed()) == nil, "the generator is getting better")
        #expect(problem(early + [2.0, 3, 5].map { epoch(0.7, 0.95, loss: $0) }) == nil)
    }

    @Test func aCollapseThatPassedIsStillFound() {
        var history = TrainingHistory()
        history.epochs = [0.7, 0.7, 0.1, 0.1, 0.1, 0.7, 0.7, 0.7].map { epoch($0) }
        let watch = CollapseWatch(epochs: 3, of: 10)
        #expect(watch.problem(history) == nil)
        #expect(watch.collapse(history)?.sentence.contains("in epochs 3 to 5") == true)
        history.epochs = [0.7, 0.7, 0.1, 0.1, 0.7, 0.7, 0.7, 0.7].map { epoch($0) }
        #expect(watch.collapse(history) == nil)
    }
}
