import Testing

@Suite struct ParameterRuleTests {
    @Test func kindsListWhatTheyDeclareAndRead() throws {
        let files = try SourceTree.files(below: "Sources").filter { $0.isSwift && $0.module.hasSuffix("Stages") }
        #expect(files.count > 50)
        for finding in ParameterRule(files).findings { Issue.record("\(finding)") }
    }

    private func sentences(_ texts: [String: String]) -> [String] {
        ParameterRule(texts.map { SourceFile(path: "Sources/AStages/\($0).swift", text: $1) }).findings.map(\.sentence)
            .sorted()
    }

    private let kind = """
        struct AStage {
            static let alpha = Parameter("alpha", default: 1, "A.")
            static let parameters: [any ParameterDefinition] = [
                alpha, FitOn.parameter,
            ]
            let a = configuration[Self.alpha], b = configuration[FitOn.parameter]
        }
        """

    @Test func whatIsListedIsRead() { #expect(sentences(["AStage": kind]) == []) }

    @Test func aParameterMustBeListed() {
        let text = kind.replacing("alpha, FitOn", with: "FitOn")
        #expect(
            sentences(["AStage": text]) == [
                "AStage declares the parameter `alpha` and does not list it under `parameters`.",
                "AStage reads the parameter `Self.alpha`, which it does not list under `parameters`.",
            ])
    }

    @Test func anotherTypesParameterMustBeListed() {
        let text = kind.replacing(", FitOn.parameter,", with: ",")
        #expect(
            sentences(["AStage": text]) == [
                "AStage reads the parameter `FitOn.parameter`, which it does not list under `parameters`."
            ])
    }

    @Test func aPartReadsWhatItsKindLists() {
        #expect(sentences(["AStage": kind, "Part": "let a = configuration[AStage.alpha]"]) == [])
        #expect(sentences(["AStage": kind, "Part": "let a = configuration[AStage.beta]"]).count == 1)
    }

    @Test func aSharedSetIsListedAsAWhole() {
        let shared = "    static let preset = Parameter(\n    var all: [any ParameterDefinition] { [Self.preset] }"
        let text = """
            struct BStage {
                static let training = Shared(1)
                static let parameters: [any ParameterDefinition] = training.all
                let a = configuration[Shared.preset]
            }
            """
        #expect(sentences(["BStage": text, "Shared": shared]) == [])
    }
}
