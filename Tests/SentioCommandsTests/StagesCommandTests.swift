import Testing

/// `stages`, `schema` and `completion`: what this binary knows.
@Suite struct StagesCommandTests {
    private static let kinds = [
        "command", "decode", "evaluate", "handcrafted-features", "mel-extract", "ridge", "song-dataset", "split",
    ]

    @Test func allKindsAreListedWithASentence() throws {
        let stages = try CommandLineProject().sentio("stages")
        #expect(stages.exitCode == 0)
        let names = stages.lines.dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Set(names).isSuperset(of: Self.kinds), "\(stages)")
        #expect(stages.lines.dropFirst().allSatisfy { $0.contains("  ") && $0.hasSuffix(".") })
    }

    @Test(arguments: kinds)
    func aKindSaysWhatItTakesGivesAndAccepts(kind: String) throws {
        let project = try CommandLineProject()
        let text = try project.sentio("stages", kind)
        #expect(text.exitCode == 0)
        #expect(text.lines.first?.hasPrefix("\(kind) (version ") == true)
        let json = try project.sentio("stages", kind, "--json").json
        #expect(json["kind"].text == kind)
        for parameter in json["parameters"].list {
            #expect(text.output.contains("\n  \(parameter["name"].text): "))
            #expect(!parameter["summary"].text.isEmpty && !parameter["accepts"].text.isEmpty)
        }
        for port in json["inputs"].list {
            #expect(text.output.contains("\n  \(port["name"].text): \(port["types"][0].raw ?? "")"))
        }
        for port in json["outputs"].list {
            #expect(text.output.contains("\n  \(port["name"].text): \(port["type"].text). "))
        }
    }

    @Test func unitsAndSourcesAreShown() throws {
        let decode = try CommandLineProject().sentio("stages", "decode")
        #expect(decode.output.contains("sample_rate: 22050 Hz"))
        #expect(
            decode.output.contains("Accepts a whole number from 1000 to 192000. Default from librosa.load."),
            "\(decode)"
        )
    }

    @Test func aTypoIsAnsweredWithTheNearest() throws {
        let stages = try CommandLineProject().sentio("stages", "mel-extrct")
        #expect(stages.exitCode == 64)
        #expect(stages.output.isEmpty)
        #expect(
            stages.errors.contains(
                "There is no kind `mel-extrct`. Did you mean `mel-extract`? The kinds are apply, apply-network,"
            ))
    }
}
