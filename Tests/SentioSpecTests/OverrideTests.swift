import SentioKit
import Testing

@testable import SentioSpec
@testable import SentioToys

/// What is laid over a file names what is there: a misspelled name would change nothing, and nobody would notice.
@Suite struct OverrideTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private static let yaml = """
        params: { train: { lr: 0.1, epochs: 2 }, sizes: [64, 128], idle: 3, free: {}, via: "${hidden}", hidden: 4, later: }
        profiles:
          small: { params: { train: { epochs: 1 } } }
          slip: { params: { train: { epoch: 1 }, size: 3 } }
          wider: { params: { width: 5 }, stages: { m: { with: { other: "${width}" } } } }
          lost: { stages: { mm: { with: { factor: 3 } } } }
        stages:
          s: { uses: toy-constant, with: { text: "${train.lr} ${sizes.0} ${sizes.1} ${via} ${free} ${later}" } }
          m: { uses: toy-measure, with: { factor: "${train.epochs}" } }

        """.replacing(" ${free}", with: "")

    private func problems(_ sets: String..., profile: String? = nil) -> [String] {
        project.problems(Self.yaml, profile: profile, sets: sets).map { String($0.split(separator: "\n")[0]) }
    }
    private func text(_ sets: String...) throws -> Value? {
        try project.pipeline(Self.yaml, sets: sets).graph["s"]?.configuration.values["text"]
    }

    @Test(arguments: [
        (
            "train.lrr=5",
            "error: --set train.lrr=5: `train` has no key `lrr`. Did you mean `train.lr`? It has lr, epochs."
        ),
        (
            "params.train.lrr=5",
            "error: --set params.train.lrr=5: `train` has no key `lrr`. Did you mean `train.lr`? It has lr, epochs."
        ),
        (
            "train={lrr: 5}",
            "error: --set train={lrr: 5}: `train` has no key `lrr`. Did you mean `lr`? It has lr, epochs."
        ),
        ("train.lr.x=5", "error: --set train.lr.x=5: `train.lr` is a single value, so it has no key `x`."),
        ("sizes.2=5", "error: --set sizes.2=5: `sizes` is a list of 2 values, counted from 0; it has no `sizes.2`."),
        ("sizes.x=5", "error: --set sizes.x=5: `sizes` is a list of 2 values, counted from 0; it has no `sizes.x`."),
        ("idle=5", "error: --set idle=5: nothing in the file uses `idle`."),
        ("params.size=5", "error: --set params.size=5: nothing in the file uses `params.size`. Did you mean `sizes`?"),
        (
            "m.facto=5",
            "error: --set m.facto=5: Stage `m` (toy-measure): Unknown parameter `facto`. Did you mean `factor`?"
        ),
        ("trian.lr=5", "error: --set trian.lr=5: there is no param or stage `trian`. Did you mean `train`?"),
        ("a..b=1", "error: --set a..b=1: the name has an empty part."),
    ])
    func aSetOfNothingIsAnError(set: String, sentence: String) {
        let problems = problems(set)
        #expect(problems.count == 1 && problems[0].hasPrefix(sentence), "\(problems)")
    }

    @Test func whatIsThereIsSet() throws {
        #expect(try text("train.lr=5") == "5 64 128 4 null")
        #expect(try text("sizes.0=32") == "0.1 32 128 4 null")
        #expect(try text("sizes[1]=32", "sizes.0=8") == "0.1 8 32 4 null")
        #expect(try text("train={lr: 7}") == "7 64 128 4 null", "the other parts stay")
        #expect(try text("hidden=9") == "0.1 64 128 9 null", "used through another param")
        #expect(try text("later=x") == "0.1 64 128 4 x")
        #expect(problems("m.other=2", "seed=4", "stages.m.with.other=3", "train.epochs=9").isEmpty)
    }

    /// `${x:q}` uses `x` as `${x}` does: for `--set` and for a file that extends it.
    @Test func aQuotedReferenceIsAUse() throws {
        let yaml =
            "params: { v: a, w: { x: 1 } }\nstages: { f: { uses: toy-constant, with: { text: \"${v:q} ${ w.x:q }\" } } }\n"
        #expect(
            try project.pipeline(yaml, sets: ["v=b c", "w.x=2"]).graph["f"]?.configuration.values["text"] == "'b c' 2")
        try project.write(yaml, to: "base.yaml")
        #expect(project.problems("extends: base.yaml\nparams: { v: b }\n").isEmpty)
        #expect(
            project.problems(
                "extends: base.yaml\nparams: { own: b }\nstages: { f: { with: { text: \"${own:q}\" } } }\n"
            ).isEmpty)
    }

    /// A mapping that a stage takes as a whole may get a part more: a folder beside the others.
    @Test func aMappingThatIsTakenWholeMayGrow() throws {
        let yaml = "params: { dirs: { a: one } }\nstages: { f: { uses: toy-folders, with: { source: \"${dirs}\" } } }\n"
        for set in ["dirs.b=two", "dirs={b: two}"] {
            let source = try project.pipeline(yaml, sets: [set]).graph["f"]?.configuration.values["source"]
            #expect(source?.map?.keys.sorted() == ["a", "b"])
        }
    }

    @Test func manyWrongNamesAreToldTogether() {
        #expect(problems("train.lrr=5", "idle=1", "x=1", "train.lr=2").count == 3)
    }

    @Test func profilesToo() {
        #expect(problems(profile: "small").isEmpty && problems(profile: "wider").isEmpty)
        #expect(
            problems(profile: "slip") == [
                "p.yaml:4:30: error: The profile `slip` sets `train.epoch`, but the file has no such param and nothing uses it. Did you mean `train.epochs`?",
                "p.yaml:4:42: error: The profile `slip` sets `size`, but the file has no such param and nothing uses it. Did you mean `sizes`?",
            ])
        #expect(problems(profile: "lost").first?.contains("The stage `mm` has no kind; add `uses: KIND`.") == true)
        #expect(
            problems(profile: "smal") == [
                "error: There is no profile `smal`; the file has small, slip, wider, lost. Did you mean `small`?"
            ]
        )
    }

    @Test func andFilesThatExtendOthers() throws {
        try project.write(Self.yaml, to: "base.yaml")
        func problems(_ yaml: String) -> [String] {
            project.problems(yaml).map { String($0.split(separator: "\n")[0]) }
        }
        #expect(
            problems(
                "extends: base.yaml\nparams: { train: { lr: 3 }, own: 5 }\nstages: { m: { with: { other: \"${own}\" } } }\n"
            ).isEmpty)
        #expect(
            project.problems(
                "extends: base.yaml\nparams: { own: 5 }\nstages: { m: { with: { other: \"${own}\" } } }\n",
                sets: ["m.other=7"]
            ).isEmpty, "--set may replace the only use of a param")
        #expect(
            problems("extends: base.yaml\nparams: { train: { lrr: 3 } }\n") == [
                "p.yaml:2:20: error: The param `train.lrr` overrides nothing: the base file does not have it, and nothing uses it. Did you mean `train.lr`?"
            ])
    }
}
