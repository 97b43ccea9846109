import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// Which values of a pipeline are masked wherever they stand: those that are not in the file for all to read.
@Suite struct PipelineSecretsTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private static let yaml = """
        params: { hf_token: the-default, plain: another-default, bearer_token: "Bearer ${hf_token}", api_key: 1024 }
        profiles: { other: { params: { hf_token: the-profile } } }
        stages:
          a: { uses: toy-constant, with: { text: "${hf_token} ${plain} ${bearer_token} ${api_key}" } }

        """

    private func masked(_ text: String, profile: String? = nil, _ sets: String...) throws -> String {
        try project.pipeline(Self.yaml, profile: profile, sets: sets).secrets.masked(text)
    }

    @Test func whatTheFileSaysIsMaskedOnlyInItsOwnPlace() throws {
        let text = "the-default of 1024, the-profile, Bearer"
        #expect(try masked(text) == text)
        #expect(try masked(text, profile: "other") == text)
        let params = try project.pipeline(Self.yaml).params
        #expect(params.filter { $0.value == "***" }.map(\.name) == ["hf_token", "bearer_token", "api_key"])
    }

    @Test func aLongOneIsMaskedEverywhereThoughTheFileSaysIt() throws {
        let yaml =
            "params: { hf_token: hf_abcdefghijk }\nstages: { a: { uses: toy-constant, with: { text: \"${hf_token}\" } } }\n"
        #expect(try project.pipeline(yaml).secrets.masked("token hf_abcdefghijk") == "token ***")
    }

    @Test func whatTheCommandLineSaysIsMaskedEverywhere() throws {
        let set = "hf_token=hunter2-and-more"
        #expect(try masked("curl -H 'Bearer hunter2-and-more'", set) == "curl -H '***'", "also as a part of another")
        #expect(try masked("hunter2-and-more, the-default", set) == "***, the-default")
        #expect(try masked("the-default", "hf_token=the-default") == "***", "given is given")
        #expect(try masked("12345678", "api_key=12345678") == "***")
    }

    /// A value that reaches a secret parameter under another name is one too.
    @Test func aSecretUnderAnotherName() throws {
        let yaml =
            "params: { mine: x }\nstages: { a: { uses: toy-folders, with: { source: { password: \"${mine}\" } } } }\n"
        #expect(try project.pipeline(yaml, sets: ["mine=hunter2-and-more"]).secrets.masked("hunter2-and-more") == "***")
        let warnings = try project.pipeline(yaml, sets: ["mine=ab"]).warnings
        #expect(warnings.count == 1 && warnings[0].hasPrefix("The value of `--set mine` is too short"))
    }

    @Test func oneThatIsTooShortToBeMaskedIsSaidOnce() throws {
        func warnings(_ sets: String...) throws -> [String] { try project.pipeline(Self.yaml, sets: sets).warnings }
        #expect(
            try warnings("api_key=4711", "hf_token=hunter2-and-more") == [
                "The value of `--set api_key` is too short to be masked in the output of commands: masking needs at least 4 characters, or 8 digits for a plain number. Where the parameter itself is shown, it appears as ***."
            ])
        #expect(try warnings("hf_token=ab").count == 1 && warnings().isEmpty)
        #expect(try warnings("hf_token=none").isEmpty && warnings("api_key=12345678").isEmpty)
    }
}
