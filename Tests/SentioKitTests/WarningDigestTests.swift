import SentioKit
import Testing

@Suite struct WarningDigestTests {
    private func digest(_ warnings: [(String?, String)], row: (String) -> String = { $0 }) -> WarningDigest {
        WarningDigest(warnings.map { (stage: $0.0, sentence: $0.1) }, row: row)
    }

    @Test func equalSentencesAreOneLineWithTheirStages() {
        let lines = digest([
            ("ridge", "Songs are few."), (nil, "Odd."), ("svr", "Songs are few."), ("ridge", "Songs are few."),
        ]).lines()
        #expect(lines == ["ridge, svr: Songs are few.", "Odd."])
    }

    @Test func copiesOfAStageAreOne() {
        let folds = (0..<10).map { ("cv.ridge@fold=\($0)" as String?, "Songs are few.") }
        #expect(digest(folds) { _ in "cv.ridge@fold=*" }.lines() == ["cv.ridge@fold=*: Songs are few."])
        #expect(digest(folds).lines() == ["10 stages (cv.ridge@fold=0, cv.ridge@fold=1, …): Songs are few."])
    }

    @Test func whatDiffersInNumbersAndNamesIsOneKind() {
        let songs = [
            "`12` is left out: 3.5 s.", "`b 7` is left out: 12 s.", "`12` is left out: 3.5 s.",
            "`12` is left in: 3.5 s.",
        ]
        #expect(
            digest(songs.map { ("mels", $0) }).lines() == [
                "mels: `12` is left out: 3.5 s. (and 1 more like it)", "mels: `12` is left in: 3.5 s.",
            ])
    }

    @Test func aListInASentenceStaysOnItsLine() {
        #expect(
            digest([("mels", "2 songs are left out:\n  a: empty.\n  b: short.")]).lines() == [
                "mels: 2 songs are left out: a: empty. b: short."
            ])
    }

    @Test func moreThanTheLimitIsCounted() {
        let many = digest((0..<9).map { (nil, String(repeating: "x", count: $0 + 1)) })
        #expect(many.lines(limit: 3) == ["x", "xx", "and 7 more warnings"])
        #expect(many.lines(limit: 9).count == 9 && many.entries.count == 9)
        #expect(digest([]).isEmpty && digest([]).lines(limit: 1).isEmpty)
    }
}
