import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// Cells of a `matrix:` that are more than numbers, and values as words of a shell.
@Suite struct MatrixTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    @Test func aCellMayBeAMap() throws {
        let pipeline = try project.pipeline(
            """
            stages:
              a:
                uses: toy-constant
                matrix: { item: [{ name: one, lr: 1, deep: { x: [5] } }, { lr: 0.5, dim: 2 }] }
                with: { text: "${matrix.item.lr}" }
              b: { uses: toy-constant, matrix: { m: [{ name: x, deep: { x: [5, 6] } }] }, with: { text: "${item.m.deep.x[1]}-${matrix.m.name}" } }
            """)
        #expect(pipeline.graph.nodes.map(\.name).sorted() == ["a@item=dim:2;lr:0.5", "a@item=one", "b@m=x"])
        #expect(pipeline.graph["a@item=one"]?.configuration.values["text"] == "1")
        #expect(pipeline.graph["b@m=x"]?.configuration.values["text"] == "6-x")
        #expect(
            project.problems(
                "stages: { a: { uses: toy-constant, matrix: { i: [{ lr: 1 }] }, with: { text: \"${matrix.i.rl}\" } } }\n"
            )
            .contains {
                $0.contains("There is no param `matrix.i.rl`: the mapping has no key `rl`.")
            })
    }

    @Test func valuesOfAllKindsMakeLegalNames() throws {
        let yaml = """
            stages: { a: { uses: toy-constant, matrix: { m: [org/model, org%model, "two words", größe, "a\tb", 0.5, "\(String(repeating: "l", count: 300))"] }, with: { text: "${matrix.m}" } } }

            """
        let names = try project.pipeline(yaml).graph.nodes.map(\.name)
        let plain = ["a@m=org%2Fmodel", "a@m=org%model", "a@m=two words", "a@m=größe", "a@m=a%09b", "a@m=0.5"]
        #expect(
            Array(names.prefix(6)) == plain,
            "what could be in a name before is as it was: random streams are named by it")
        #expect(names.last?.hasPrefix("a@m=lllll") == true && names.last?.utf8.count == 93)
    }

    @Test(arguments: [
        ("plain-1.5/x", "plain-1.5/x"), ("two words", "'two words'"), ("it's; $(rm)", "'it'\\''s; $(rm)'"), ("", "''"),
        ("größe", "'größe'"), ("a'\u{301}; b", "'a'\\''\u{301}; b'"),
        ("-n", "-n"), ("*", "'*'"),
    ])
    func quotedForAShell(_ value: String, _ word: String) throws {
        let pipeline = try project.pipeline(
            "params: { v: \(JSON.text(.string(value))) }\nstages: { a: { uses: toy-constant, with: { text: \"${v:q}\" } } }\n"
        )
        #expect(pipeline.graph["a"]?.configuration.values["text"] == .string(word))
    }

    @Test func listsAreWordsAndMapsAreRefused() throws {
        let yaml =
            "params: { v: [a b, 1, true], m: { x: 1 } }\nstages: { a: { uses: toy-constant, with: { text: \"run ${v:q} end\" } } }\n"
        #expect(try project.pipeline(yaml).graph["a"]?.configuration.values["text"] == "run 'a b' 1 true end")
        #expect(
            project.problems(yaml.replacingOccurrences(of: "${v:q}", with: "${m:q}")).contains {
                $0.contains("`${m:q}` is a mapping; `:q` quotes only single values and lists of them.")
            })
    }

    /// A stage's name is shown and stored everywhere.
    @Test(arguments: [
        ("{ api_token: [MATTOK1111, MATTOK2222] }", "api_token", 12),
        ("{ n: [1], db.password: [a] }", "db.password", 20),
        ("{ item: [{ apiKey: MATTOK1111, lr: 1 }] }", "apiKey", 21), ("{ m: [\"${hf_token}\", x] }", "hf_token", 16),
        ("{ m: [{ name: \"a ${hf_token}\" }] }", "hf_token", 24), ("{ m: \"${hf_token}\" }", "hf_token", 15),
    ])
    func secretsAreRefused(matrix: String, name: String, column: Int) {
        let yaml = """
            params: { hf_token: none }
            stages:
              a:
                matrix: \(matrix)
                uses: toy-constant
                with: { text: "${hf_token}" }

            """
        let problems = project.problems(yaml).map { String($0.split(separator: "\n")[0]) }
        #expect(
            problems == [
                "p.yaml:4:\(column + 3): error: `matrix` would put `\(name)` into stage names, which appear in folders, logs and the run store. Declare one value under `params:` instead and pass it with `--set \(name)=…`."
            ])
    }

    @Test func aNamedCellMayHoldOne() throws {
        let yaml =
            "stages: { a: { uses: toy-constant, matrix: { item: [{ name: x, token: MATTOK1111 }] }, with: { text: \"${matrix.item.token}\" } } }\n"
        #expect(try project.pipeline(yaml).graph.nodes.map(\.name) == ["a@item=x"])
    }
}
