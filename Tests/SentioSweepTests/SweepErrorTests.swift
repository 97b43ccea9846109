import SentioKit
import SentioSpec
import Testing

@testable import SentioSweep
@testable import SentioToys

/// What is wrong with a `sweep:` block is said with its place, all of it, before anything runs.
@Suite struct SweepErrorTests {
    private static let head = """
        params: { ratio: 1 }
        stages:
          a: { uses: toy-measure, with: { factor: "${ratio}" } }

        """

    private func problems(_ block: String, _ configure: (inout SweepOptions) -> Void = { _ in }) throws -> [String] {
        let project = try PipelineFolder()
        try project.write(Self.head + block, to: "p.yaml")
        var options = LoadOptions()
        configure(&options.sweep)
        do {
            _ = try Sweep(path: project.path + "/p.yaml", options: options, registry: Toys.registry)
            return []
        } catch let errors as PipelineErrors {
            return errors.diagnostics.map { diagnostic in
                let place = diagnostic.location.map { "\($0.line):\($0.column): " } ?? ""
                return (place + diagnostic.sentence).replacing(project.path + "/", with: "")
            }
        }
    }

    @Test func sentencesNameThePlaceAndTheCure() throws {
        #expect(
            try problems("sweep: { parameters: { ration: { values: [1] } } }") == [
                "4:24: Sweep: there is no param or stage `ration`. Did you mean `ratio`? The file has ratio, a.…, seed."
            ])
        #expect(
            try problems("sweep: { parameters: { hf_token: { values: [abcd, efgh] } } }") == [
                "4:24: `hf_token` is a secret: a sweep would store its values with its cells. Give it one value with `--set`."
            ])
        #expect(try problems("sweep: { parameters: { ratio: { values: [] } } }") == ["4:41: `ratio` has no values."])
        #expect(
            try problems("sweep: { parameters: { ratio: { values: [1, 2, 1.0] } } }") == [
                "4:48: `ratio` lists the value 1 twice."
            ])
        #expect(
            try problems("sweep: { parameters: { ratio: { values: [1, [2]] } } }") == [
                "4:45: A value of `ratio` is a list; a sweep can only vary single values."
            ])
        #expect(
            try problems("sweep: { parameters: { ratio: { valeus: [1] } } }") == [
                "4:31: `ratio` needs `values:`, or `min:` and `max:`.",
                "4:33: Unknown key of a swept parameter `valeus`. Did you mean `values`?",
            ])
        #expect(
            try problems("sweep: { method: bayes, parameters: { ratio: { values: [1] } } }") == [
                "4:18: `method` must be `grid`, `list`, `random` or `sobol`; Bayesian search is not supported."
            ])
        #expect(
            try problems("sweep: { method: random, parameters: { ratio: { min: 0, max: 1 } } }") == [
                "4:8: `method: random` needs `run_cap:` (or `--run-cap`): how many settings to draw."
            ])
        #expect(
            try problems("sweep: { parameters: { ratio: { min: 0, max: 1 } } }") == [
                "4:24: A grid needs `ratio: { values: […] }`; a range requires `method: random` or `method: sobol`."
            ])
        #expect(
            try problems(
                "sweep: { method: sobol, run_cap: 2, parameters: { ratio: { min: -9.2, max: -2, distribution: log_uniform } } }"
            )
                == [
                    "4:65: `ratio`: log-uniform values need `min` above 0; `min` and `max` are values, not exponents."
                ])
        #expect(
            try problems("sweep: {}") == ["4:8: The sweep varies nothing; add `parameters:` or `replicates:`."])
        #expect(
            try problems("sweep: { replicates: { count: 2, seeds: [b] } }") == [
                "4:22: `replicates.seeds` lists `b`, but there is no such stage. Did you mean `a`?"
            ])
        #expect(
            try problems("sweep: { cells: [{ ratio: 1 }, { a.factor: 2 }] }") == [
                "4:32: Every cell must set the same parameters; the first sets ratio."
            ])
        #expect(
            try problems("sweep: { cells: [{ ratio: 1 }, { ratio: 1.0 }] }") == [
                "4:32: The cell ratio=1 is listed twice."
            ])
    }

    @Test func everyCellIsCheckedBeforeTheFirstRuns() throws {
        let wide = try problems("sweep: { parameters: { ratio: { values: [1, wide, 2] } } }")
        #expect(wide.count == 1 && wide[0].hasPrefix("4:45: Stage `a` (toy-measure): `factor` must be "), "\(wide)")
        #expect(wide.first?.hasSuffix("here it is wide (text).") == true)
        #expect(
            try problems("sweep: { parameters: { a.factr: { values: [1] } } }") == [
                "4:44: Stage `a` (toy-measure): Unknown parameter `factr`. Did you mean `factor`?"
            ])
    }

    @Test func optionsSayWhichTheyWere() throws {
        #expect(try problems("") { $0.matrix = ["ratio"] } == ["--matrix ratio: write it as name=value,value,…"])
        #expect(
            try problems("") { $0.matrix = ["ration=1"] }[0].hasPrefix(
                "--matrix ration=1: Sweep: there is no param or stage `ration`."))
        #expect(
            try problems("") { $0.replicates = 0 } == [
                "--replicates 0: `replicates` must be a whole number from 1 to 1000."
            ]
        )
        #expect(
            try problems("") == [
                "p.yaml has no `sweep:` block. Add one, or give parameters and values: `--matrix name=1,2,3`."
            ])
    }

    @Test func claimsThatCannotBeReadAreSaid() throws {
        func problem(_ claim: String) throws -> String {
            try problems("sweep: { parameters: { ratio: { values: [1, 2] } }, expect: [\"\(claim)\"] }").first ?? ""
        }
        #expect(try problem("mean(a.more, ratio=1) > mean(a.more, ratio=2) + 0.01") == "")
        #expect(try problem("a.more >= 0.5") == "")
        #expect(
            try problem("maen(a.more) > 1")
                == "4:62: Unknown statistic `maen`; the statistics are mean, min, max, std, median, difference, low, high, p, p_holm. Did you mean `mean`?"
        )
        #expect(
            try problem("mean(b.more) > 1")
                == "4:62: `b.more` does not start with a stage of this pipeline. Did you mean `a`?")
        #expect(try problem("mean(a.more, ratio=3) > 1") == "4:62: No cell has ratio=3; the values are 1, 2.")
        #expect(
            try problem("mean(a.more, ration=3) > 1")
                == "4:62: The sweep has no parameter `ration`. Did you mean `ratio`?")
        #expect(try problem("p(a.test.v.ccc, ratio=1 vs 2) < 0.05") == "")
        #expect(
            try problem("p(a.test.v.ccc, ratio=1) < 0.05")
                == "4:62: `p` compares two arms; write `p(a.test.v.ccc, name=value vs value)`.")
        #expect(
            try problem("p(a.test.v.ccc, ratio=3 vs 1) < 0.05") == "4:62: No cell has ratio=3; the values are 1, 2.")
        #expect(
            try problem("p(a.test.v.ccc, ratio=1 vs 3) < 0.05") == "4:62: No cell has ratio=3; the values are 1, 2.")
        #expect(
            try problem("p(a.test.v.ccc, ratio=1 vs 1.0) < 0.05")
                == "4:62: `p(a.test.v.ccc, ratio=1 vs 1.0)` compares an arm with itself.")
        #expect(
            try problem("low(a.test.v.ccc) > 0")
                == "4:62: `low(a.test.v.ccc)` needs a single arm, but 2 arms match: ratio=1; ratio=2.")
        #expect(
            try problem("mean(a.more, ratio=1 vs 2) > 0")
                == "4:62: `vs` requires difference, low, high, p or p_holm; instead, write `mean(…)` on both sides of the comparison."
        )
        #expect(
            try problem("p(a.test.v.ccc, ratio=1 vs ) < 1")
                == "4:62: `ratio=1 vs`: write name=value, or name=value vs value.")
        #expect(
            try problem("p(a.test.v.ccc vs b, ratio=1) < 1")
                == "4:62: `vs b` after `a.test.v.ccc`: in a sweep, write the arms after a comma: `a.test.v.ccc, name=value vs value`."
        )
        #expect(
            try problem("p(a.ccc, ratio=1 vs 2) < 1")
                == "4:62: Songs are compared in a single dimension: write `a.SET.DIMENSION.MEASURE`, such as `a.test.arousal.ccc`, not `a.ccc`."
        )
        #expect(try problem("1 > 2") == "4:62: `1 > 2` compares two numbers; write a metric on at least one side.")
        #expect(try problem("mean(a.more)").hasPrefix("4:62: Write `stage.metric >= number`, with spaces "))
    }
}
