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

    private func dead(change: Double, gap: Double = 3) -> [String: Double] {
        epoch(0.76).merging([
            "samples.frame_change": change, "real.frame_change": 2.8, "samples.band_mean_gap": gap,
            "real.band_deviation": 11,
        ]) { $1 }
    }

    /// A generator of noise is diverse; change from frame to frame and the means of bands tell.
    @Test(
        arguments: [
            ([8.4, 3], "its samples are noise: they change by 8.400 dB"),
            ([0.3, 3], "its samples are one sustained sound"), ([3, 14], "the means of its bands lie 14.000 dB"),
        ] as [([Double], String)])
    func aGeneratorThatIsDeadIsCalledSo(_ values: [Double], _ words: String) {
        func epochs(_ count: Int) -> [[String: Double]] {
            (0..<count).map { _ in dead(change: values[0], gap: values[1]) }
        }
        let found = problem(epochs(10))
        guard case .unlike(let sentence) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(sentence.hasPrefix("The generator is dead: in epochs 8 to 10 \(words)"), "\(sentence)")
        #expect(found?.isUseless == true)
        #expect(problem(epochs(9)) == nil, "music may come late in a training")
    }

    @Test func aGeneratorThatLivesIsNotCalledDead() {
        #expect(problem((0..<10).map { _ in dead(change: 3.4) }) == nil)
        #expect(problem((0..<10).map { dead(change: $0 == 8 ? 3 : 9) }) == nil, "not in every epoch")
        #expect(problem((0..<10).map { _ in epoch(0.7) }) == nil, "histories of earlier versions")
        func noisy(_ recovery: Double) -> CollapseWatch.Problem? {
            problem(
                (0..<10).map { _ in dead(change: 8.4).merging(["samples.arousal.recovery_ratio": recovery]) { $1 } })
        }
        #expect(noisy(0.6) == nil, "noisy, but its samples say what they are")
        #expect(noisy(0.1)?.isUseless == true)
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
