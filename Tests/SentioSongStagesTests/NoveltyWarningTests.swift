import SentioSongStages
import Testing

@Suite struct NoveltyWarningTests {
    @Test func theFarthestFeaturesAreNamed() {
        let sentence = NoveltyWarning.sentence([0.2, -12.4, 3, 1234.5], features: ["a", "b", "c", "d"])
        #expect(
            sentence
                == "unlike the training songs: d is 1235 standard deviations from their mean (b 12, c 3.0); "
                + "the rating is an extrapolation"
        )
        #expect(
            NoveltyWarning.sentence([4.26], features: ["a"])
                == "unlike the training songs: a is 4.3 standard deviations from their mean; "
                + "the rating is an extrapolation"
        )
    }

    @Test func severalSongsAreNamedEach() {
        let songs = (0..<20).map { (id: "s\($0)", sentence: "x") }
        #expect(NoveltyWarning.warnings(songs) == (0..<20).map { "s\($0): x" })
        #expect(NoveltyWarning.warnings([]).isEmpty)
    }

    @Test func manySongsAreOneWarning() {
        let songs = (0..<1003).map { (id: "s\($0)", sentence: "x") }
        let all = NoveltyWarning.warnings(songs)
        #expect(all.count == 1 && all[0].hasSuffix(", s999 and 3 more)"))
        #expect(
            all[0].hasPrefix("1003 songs: \(NoveltyWarning.start); their ratings are extrapolations (s0, s1, "))
    }
}
