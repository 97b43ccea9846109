import Testing

/// Claims in words of intervals and p are judged by the very numbers that `runs compare` prints.
@Suite struct ClaimCommandTests {
    /// `p(…) is 0.03 (3 songs)`.
    private static func number(_ claim: JSONValue) -> Double? {
        claim["evidence"].text.split(separator: " ").drop { $0 != "is" }.dropFirst().first.flatMap { Double($0) }
    }

    @Test func aSweepsClaimsAreWhatCompareSays() throws {
        let project = try DemoProject.copy(), metric = "score.test.arousal.ccc"
        let claims = [
            "difference(\(metric), ridge.alpha=100000 vs 1) < -9", "low(\(metric), ridge.alpha=100000 vs 1) < -9",
            "high(\(metric), ridge.alpha=100000 vs 1) < -9", "p(\(metric), ridge.alpha=100000 vs 1) < -9",
            "p_holm(\(metric), ridge.alpha=100000 vs 1) < -9", "low(\(metric), ridge.alpha=10) < -9",
            "p(\(metric), ridge.alpha=100000 vs 1) <= 1",
        ]
        try project.write(
            DemoProject.yaml + """
                sweep:
                  name: alphas
                  parameters: { ridge.alpha: { values: [10, 1, 100000] } }
                  expect:
                \(claims.map { "    - \"\($0)\"" }.joined(separator: "\n"))

                """, to: "p.yaml")
        let sweep = try project.sentio("sweep", "p.yaml", "--json")
        #expect(sweep.exitCode == 6, "\(sweep)")
        let said = try sweep.finished["expectations"].list
        #expect(said.map { $0["holds"].bool } == [false, false, false, false, false, false, true], "\(sweep)")
        let compared = try project.sentio(
            "compare", "--sweep", "alphas", "--baseline", "ridge.alpha=1", "--set", "test", "--json"
        ).json
        let arousal = try #require(compared["songs"]["dimensions"].list.first { $0["dimension"].text == "arousal" })[
            "arms"]
        #expect(arousal.list.map { $0["arm"].text } == ["ridge.alpha=10", "ridge.alpha=1", "ridge.alpha=100000"])
        let stiff = arousal[2]["against_baseline"]["ccc"]
        for (claim, field) in zip(said, ["difference", "low", "high", "p", "p_holm"]) {
            let number = try #require(stiff[field].number)
            // Foundation reads JSON numbers a last bit off now and then.
            let said = try #require(Self.number(claim)), text = claim["evidence"].text
            #expect((said - number).magnitude <= 1e-15 && text.hasSuffix(" (3 songs)"), "\(field) \(number): \(text)")
        }
        #expect(try #require(stiff["p"].number) < #require(stiff["p_holm"].number))
        // The table for people has the interval of an arm's score, in three digits.
        let table = try project.sentio("compare", "--sweep", "alphas", "--baseline", "ridge.alpha=1")
        let row = try #require(
            table.lines.drop { !$0.hasPrefix("arousal CCC") }.first { $0.hasPrefix("ridge.alpha=10 ") })
        let low = try #require(row.firstMatch(of: #/\[(-?[\d.]+),/#).flatMap { Double($0.output.1) })
        let own = try #require(Self.number(said[5]))
        #expect((own - low).magnitude <= 5.1e-4, "\(own) \(row)")

        // A narrower sweep compares what it wants, and does not ask of what it has no longer.
        let narrow = try project.sentio("sweep", "p.yaml", "--matrix", "ridge.alpha=10,1", "--json")
        #expect(
            narrow.errors.contains("The claim is not checked: No cell has ridge.alpha=100000; the values are 10, 1."),
            "\(narrow)")
        #expect(try narrow.finished["expectations"].list.count == 1)
        let two = try project.sentio("compare", "--sweep", "alphas", "--json").json["songs"]
        #expect(two["arms"].list.map(\.text) == ["ridge.alpha=10", "ridge.alpha=1"])
    }

    @Test func aPipelinesClaimsAreWhatCompareSays() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml + """
                  stiff: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 100000 } }
                  stiff_score: { uses: evaluate, in: { predictions: stiff.predictions, labels: songs.labels, split: split } }
                expect:
                  - "difference(stiff_score.test.arousal.ccc vs score) < -9"
                  - "low(stiff_score.test.arousal.ccc vs score) < -9"
                  - "p(stiff_score.test.arousal.ccc vs score) < -9"
                  - "low(score.test.arousal.ccc) < -9"
                  - "high(score.test.arousal.ccc) >= score.test.arousal.ccc"
                  - "p(score.test.joy.ccc vs stiff_score) < 1"

                """, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 6, "\(run)")
        let said = try run.finished["expectations"].list
        #expect(said.map { $0["holds"].bool } == [false, false, false, false, true, false], "\(run)")
        let compared = try project.sentio("compare", "latest:score", "latest:stiff_score", "--json").json
        let arousal = try #require(compared["songs"]["dimensions"].list.first { $0["dimension"].text == "arousal" })
        let stiff = arousal["arms"][1]["against_baseline"]["ccc"]
        for (claim, field) in zip(said, ["difference", "low", "p"]) {
            let number = try #require(stiff[field].number)
            // Foundation reads JSON numbers a last bit off now and then.
            let said = try #require(Self.number(claim)), text = claim["evidence"].text
            #expect((said - number).magnitude <= 1e-15 && text.hasSuffix(" (3 songs)"), "\(field) \(number): \(text)")
        }
        let score = try #require(run.finished["stages"][named: "score"]["metrics"]["test.arousal.ccc.low"].number)
        #expect(try (#require(Self.number(said[3])) - score).magnitude <= 1e-15, "\(said[3]["evidence"].text) \(score)")
        #expect(
            said[5]["evidence"].text == "score has no songs scored in `joy`; the dimensions are valence, arousal",
            "\(run)")
        let again = try project.sentio("run", "p.yaml", "--json")
        #expect(try again.finished["expectations"].list.map { $0["evidence"].text } == said.map { $0["evidence"].text })
        let typo = try project.sentio("lint", "p.yaml", "--set", "ridge.alpha=2")
        #expect(typo.exitCode == 0, "\(typo)")
        try project.write(DemoProject.yaml + "expect: [\"p(score.test.arousal.cccc vs ridge) < 0.05\"]\n", to: "p.yaml")
        let lint = try project.sentio("lint", "p.yaml")
        #expect(
            lint.exitCode == 3
                && lint.errors.contains(
                    "the measures that can are mse, rmse, mae, r2, pearson, ccc. Did you mean `ccc`?"),
            "\(lint)")
    }
}
