import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// Params, `${}`, `extends`, profiles, `--set`, `matrix:` and where values came from.
@Suite struct SpecTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private func value(_ pipeline: Pipeline, _ path: String) -> ResolvedValue? {
        pipeline.resolvedValues.first { $0.path == path }
    }

    @Test func aScalarThatIsOnlyAParamKeepsItsType() throws {
        let pipeline = try project.pipeline(
            """
            params: { n: 3, word: yes, nested: { list: [10, 20] }, both: "${word}-${n}" }
            stages:
              a: { uses: toy-constant, with: { text: "n=${n} ${nested.list[1]} ${both} \\\\${n}" } }
              b: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: "${n}" } }
              songs: { uses: toy-songs, with: { source: x } }
            """)
        #expect(pipeline.graph["a"]?.configuration.values["text"] == "n=3 20 yes-3 ${n}")
        #expect(pipeline.graph["b"]?.configuration.values["factor"] == 3)
        #expect(value(pipeline, "params.word")?.value == "yes")
    }

    @Test func aMergeKeyLendsWhatTheMappingDoesNotSayItself() throws {
        let pipeline = try project.pipeline(
            """
            params: { shared: &shared { a: 1, b: 2 }, other: &other { b: 3, c: 4 }, "<<": text }
            stages:
              one: { uses: toy-constant, with: { text: "${merged.a} ${merged.b} ${merged.c} ${merged.d}" } }
            profiles: { p: { params: { merged: { <<: [*shared, *other], d: 5, a: 6 } } } }
            """, profile: "p")
        #expect(pipeline.graph["one"]?.configuration.values["text"] == "6 2 4 5")
        #expect(
            project.problems("params: { a: 1, <<: b }\nstages: { s: { uses: toy-constant } }\n").map {
                $0.split(separator: "\n")[0]
            } == [
                "p.yaml:1:21: error: `<<` must be a mapping, such as `<<: *defaults`, or a list of mappings."
            ])
    }

    @Test func precedenceIsBaseFileProfileSet() throws {
        try project.write(
            "seed: 1\nparams: { a: base, b: base, c: base, d: base }\nstages: { s: { uses: toy-constant, with: { text: \"${a}${b}${c}${d}\" } } }\n",
            to: "base.yaml")
        let yaml = """
            extends: base.yaml
            params: { b: file, c: file, d: file }
            profiles: { demo: { seed: 7, params: { c: profile, d: profile } } }
            """
        let pipeline = try project.pipeline(yaml, profile: "demo", sets: ["d=set"])
        #expect(pipeline.params.map { "\($0.name) \($0.value.text)" } == ["a base", "b file", "c profile", "d set"])
        #expect(pipeline.seed == 7)
        #expect(
            pipeline.params.map { $0.origin.replacing(project.path + "/", with: "") } == [
                "base.yaml:2", "p.yaml:2", "p.yaml:3, profile demo", "--set d=set",
            ])
    }

    @Test func setReachesParamsSeedAndStageParameters() throws {
        let yaml =
            "seed: 1\nparams: { a: 1 }\nstages: { s: { uses: toy-constant, with: { text: x } }, m: { uses: toy-measure, with: { factor: \"${a}\" } } }\n"
        let pipeline = try project.pipeline(yaml, sets: ["a=2.5", "seed=9", "s.text=y"])
        #expect(pipeline.params[0].value == 2.5)
        #expect(pipeline.seed == 9)
        #expect(pipeline.graph["s"]?.configuration.values["text"] == "y")
        #expect(project.problems(yaml, sets: ["b=2"]).first?.contains("there is no param or stage `b`") == true)
        #expect(project.problems(yaml, sets: ["nonsense"]) == ["error: --set nonsense: write it as name=value."])
    }

    @Test func profilesAndBasesThatAreNotThere() throws {
        let yaml = "stages: { s: { uses: toy-constant } }\nprofiles: { small: {} }\n"
        #expect(
            project.problems(yaml, profile: "smal") == [
                "error: There is no profile `smal`; the file has small. Did you mean `small`?"
            ])
        #expect(
            project.problems("extends: gone.yaml\n").first?.contains("The file to extend, gone.yaml, does not exist.")
                == true)
        try project.write("extends: p.yaml\n", to: "q.yaml")
        #expect(project.problems("extends: q.yaml\n").first?.contains("extend each other in a cycle") == true)
    }

    @Test func aNullRemovesAStageOfTheBase() throws {
        try project.write(
            "stages: { a: { uses: toy-constant }, b: { uses: toy-constant, with: { text: one } } }\n", to: "base.yaml")
        let pipeline = try project.pipeline("extends: base.yaml\nstages: { a: ~, b: { with: { text: two } } }\n")
        #expect(pipeline.graph.nodes.map(\.name) == ["b"])
        #expect(pipeline.graph["b"]?.configuration.values["text"] == "two")
    }

    @Test func aMatrixMakesAStagePerCell() throws {
        let pipeline = try project.pipeline(
            """
            stages:
              c: { uses: toy-constant, matrix: { seed: [1, 2], dim: [64] }, with: { text: "${matrix.seed}/${item.dim}" } }
              d: { uses: toy-constant, in: { after: "c@seed=2,dim=64" } }
            """)
        #expect(pipeline.graph.nodes.map(\.name) == ["c@seed=1,dim=64", "c@seed=2,dim=64", "d"])
        #expect(pipeline.graph["c@seed=2,dim=64"]?.configuration.values["text"] == "2/64")
        #expect(pipeline.graph["d"]?.dependencies == ["c@seed=2,dim=64"])
    }

    @Test func plainScalarsFollowYAML12() throws {
        let pipeline = try project.pipeline(
            """
            params: { a: no, b: true, c: 0x10, d: 1e-3, e: "12", f: ~, g: 1_000, h: .inf, i: 0o17, j: -3, k: 1.2.3 }
            stages: { s: { uses: toy-constant } }
            """)
        #expect(
            pipeline.params.map(\.value) == [
                "no", true, 16, 0.001, "12", nil, "1_000", .double(.infinity), 15, -3, "1.2.3",
            ])
    }

    @Test func everyValueSaysWhereItCameFrom() throws {
        let pipeline = try project.pipeline(
            "params: { f: 3 }\nstages:\n  songs: { uses: toy-songs, with: { source: x } }\n  s: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: \"${f}\" } }\n"
        )
        #expect(value(pipeline, "stages.s.with.factor")?.origin.hasSuffix("p.yaml:1") == true)
        #expect(value(pipeline, "stages.s.with.modulus")?.origin == "default")
    }

    @Test func commandsConnectThroughFiles() throws {
        let pipeline = try project.pipeline(
            "stages: { b: { uses: toy-write, with: { out: b.txt, dep: ./a.txt } }, a: { uses: toy-write, with: { out: a.txt } } }\n"
        )
        #expect(pipeline.graph.nodes.map(\.name) == ["a", "b"])
    }

    @Test func aPathIsRelativeToWhereItIsWritten() throws {
        let yaml = "params: { dir: songs }\nstages: { s: { uses: toy-songs, with: { source: \"${dir}\" } } }\n"
        #expect(
            try project.pipeline(yaml).graph["s"]?.configuration.values["source"]
                == .string(Paths.absolute(project.path + "/songs")))
        #expect(
            try project.pipeline(yaml, sets: ["dir=elsewhere"]).graph["s"]?.configuration.values["source"]
                == .string(Paths.absolute("elsewhere")))
    }

    @Test func soIsEachOfAListOrMapOfPaths() throws {
        let yaml = "params: { dir: [a, ../b] }\nstages: { s: { uses: toy-folders, with: { source: \"${dir}\" } } }\n"
        func source(_ sets: [String] = []) throws -> Value? {
            try project.pipeline(yaml, sets: sets).graph["s"]?.configuration.values["source"]
        }
        func path(_ name: String) -> Value { .string(Paths.absolute(name)) }
        #expect(try source() == [path(project.path + "/a"), path(project.path + "/../b")])
        #expect(try source(["dir=[x, demo]"]) == [path("x"), "demo"])
        #expect(try source(["dir={one: x, other: /y}"]) == ["one": path("x"), "other": "/y"])
    }

    @Test func aChainOfManyStagesDoesNotOverflow() throws {
        var yaml = "stages:\n  s0: { uses: toy-constant }\n"
        for index in 1..<3000 { yaml += "  s\(index): { uses: toy-constant, in: { after: s\(index - 1) } }\n" }
        let graph = try project.pipeline(yaml).graph
        #expect(graph.nodes.count == 3000)
        #expect(graph.remainingDepth()["s0"] == 3000)
    }
}
