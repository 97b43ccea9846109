import SentioLearn
import Testing

@testable import SentioReport

@Suite struct VerdictTests {
    @Test func oneSeedEachIsSaid() throws {
        let verdicts = Verdict.all(try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8])))
        #expect(verdicts.count == 1 && verdicts[0].differs && verdicts[0].arm == "arm1")
        let sentence = verdicts[0].sentence
        #expect(sentence.hasPrefix("arm1 is better on valence CCC by 0."))
        #expect(sentence.contains("; arm1 on arousal CCC by 0."))
        #expect(sentence.contains("], p < 0.0") || sentence.contains("], p = 0."))
        #expect(sentence.hasSuffix("one seed each, so seed noise is unknown."))
    }

    @Test func theBaselineMayBeTheBetterOne() throws {
        let verdict = Verdict.all(try SyntheticArms.compare(SyntheticArms.arms([0.8, 0.2]), metric: .rmse))[0]
        #expect(verdict.sentence.hasPrefix("arm0 is better on valence RMSE by 0."), "\(verdict.sentence)")
    }

    @Test func replicatesTellSeedsFromSongs() throws {
        let verdict = Verdict.all(try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8], replicates: 3)))[0]
        #expect(verdict.sentence.contains("more than seed noise"), "\(verdict.sentence)")
    }

    @Test func noDifferenceSaysWhatItWouldTake() throws {
        let verdict = Verdict.all(try SyntheticArms.compare(SyntheticArms.arms([0.5, 0.5], replicates: 3)))[0]
        #expect(!verdict.differs)
        #expect(verdict.sentence.contains("no significant difference on 60 songs"), "\(verdict.sentence)")
        #expect(verdict.sentence.contains("resolv"), "\(verdict.sentence)")
        #expect(verdict.sentence.contains("], p = "), "\(verdict.sentence)")
        let single = Verdict.all(try SyntheticArms.compare(SyntheticArms.arms([0.5, 0.5]), resolution: 0.9))[0]
        #expect(single.sentence.contains("run replicates"), "\(single.sentence)")
    }

    @Test func holmCountsTheArms() throws {
        let two = try SyntheticArms.compare(SyntheticArms.arms([0.5, 0.62, 0.5, 0.5, 0.5]))
        let contrast = try #require(two.dimensions[0].differences[1])
        let own = try #require(contrast.differences[.ccc]).p, adjusted = try #require(contrast.adjusted[.ccc])
        #expect(adjusted >= own && adjusted <= min(1, 4 * own) + 1e-12)
        #expect(two.dimensions[0].differences[0] == nil)
    }

    @Test func choosingByTestSongsIsFlagged() throws {
        #expect(try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8])).cautions.isEmpty)
        #expect(
            try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.5, 0.8])).cautions.first?.hasPrefix(
                "These are test songs: if the best of the 3 arms")
                == true)
    }
}
