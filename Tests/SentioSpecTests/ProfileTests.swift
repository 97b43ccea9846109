import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// What a file says of its profiles, and the profile that stands for its own values.
@Suite struct ProfileTests {
    let project: PipelineFolder
    init() throws { project = try PipelineFolder() }

    private static let stages =
        "description: The study\nparams: { text: a }\nstages: { s: { uses: toy-constant, with: { text: \"${text}\" } } }\n"
    private static let yaml =
        stages + """
            profiles:
              default: { description: "small: minutes" }
              big: { description: 2 hours, params: { text: b } }
              plain: { params: { text: c } }

            """

    private func text(_ pipeline: Pipeline) -> String? { pipeline.graph["s"]?.configuration.values["text"]?.text }

    @Test func descriptionsAreReadInOrder() throws {
        let pipeline = try project.pipeline(Self.yaml)
        #expect(
            pipeline.profiles == [
                .init(name: "default", description: "small: minutes"), .init(name: "big", description: "2 hours"),
                .init(name: "plain"),
            ])
        #expect(try project.pipeline(Self.stages).profiles.isEmpty)
    }

    @Test func theDescriptionOfAProfileIsNotThatOfThePipeline() throws {
        for profile in ["default", "big", "plain"] {
            let pipeline = try project.pipeline(Self.yaml, profile: profile)
            #expect(pipeline.description == "The study" && pipeline.profile == profile)
            #expect(pipeline.profiles.count == 3)
        }
    }

    @Test func theProfileDefaultChangesNothing() throws {
        #expect(try text(project.pipeline(Self.yaml)) == "a")
        #expect(try text(project.pipeline(Self.yaml, profile: "default")) == "a")
        #expect(try text(project.pipeline(Self.yaml, profile: "big")) == "b")
    }

    @Test func anExtendingFileDescribesItsOwn() throws {
        try project.write(Self.yaml, to: "base.yaml")
        let pipeline = try project.pipeline(
            """
            extends: base.yaml
            profiles: { default: { description: smaller }, big: { params: { text: d } }, new: { params: { text: e } } }
            """, profile: "big")
        #expect(
            pipeline.profiles == [
                .init(name: "default", description: "smaller"), .init(name: "big", description: "2 hours"),
                .init(name: "plain"), .init(name: "new"),
            ])
        #expect(text(pipeline) == "d")
    }

    @Test func whatIsWrongWithProfilesIsReportedWithoutApplyingThem() {
        func problems(_ profiles: String) -> [String] {
            project.problems(Self.stages + "profiles: \(profiles)\n").map { String($0.split(separator: "\n")[0]) }
        }
        #expect(problems("~").isEmpty && problems("{ a: ~, b: { description: ~ } }").isEmpty)
        #expect(problems("3") == ["p.yaml:4:11: error: `profiles` maps names to what each profile overrides."])
        #expect(problems("{ a: 3 }") == ["p.yaml:4:16: error: The profile `a` is a mapping of what it overrides."])
        #expect(
            problems("{ a: { description: [x] } }") == [
                "p.yaml:4:31: error: `description` of the profile `a` is a text."
            ])
        #expect(
            problems("{ default: { description: x, params: { text: b } } }") == [
                "p.yaml:4:40: error: The profile `default` describes the file's own values and takes only "
                    + "`description`. Write `params` at the top of the file, or choose another name for the profile."
            ])
    }

    @Test func aProfileWithoutAnythingIsTheFile() throws {
        #expect(try text(project.pipeline(Self.stages + "profiles: { a: ~ }\n", profile: "a")) == "a")
    }
}
