import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct HeadlineTests {
    let stages = [
        outcome("ridge", metrics: ["alpha": 1]),
        outcome(
            "score", metrics: ["test.valence.ccc": 0.4, "test.ccc": 0.5, "test.mse": 0.1, "a.b.c": 1, "d.e.f": 1, "g.h.i": 1, "j.k.l": 1]),
        outcome("plot"),
    ]

    @Test func lastStageShortestNameFirst() {
        let names = Headline.metrics(of: stages).map(\.name)
        #expect(names.count == Headline.limit)
        #expect(names.prefix(3) == ["score.test.ccc", "score.test.mse", "score.a.b.c"])
    }

    @Test func expectedComeFirst() {
        let names = Headline.metrics(of: stages, expected: ["ridge.alpha<3", "score.test.valence.ccc >= 0.60"]).map(\.name)
        #expect(names.prefix(3) == ["score.test.valence.ccc", "ridge.alpha", "score.test.ccc"])
    }

    @Test func none() { #expect(Headline.metrics(of: [outcome("plot")]).isEmpty) }
}
