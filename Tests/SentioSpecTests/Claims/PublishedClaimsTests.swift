import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioToys

/// `claims:`: a file beside the pipeline that is read with it, travels with its runs and changes no key.
@Suite struct PublishedClaimsTests {
    private static let stages = "stages:\n  a: { uses: toy-constant }\n"
    private static let claims = """
        title: What the paper says
        opening: Two numbers.
        claims:
          - { model: A, claim: R² .5, status: measured, note: One split. }
          - { model: 2, claim: 0.60, status: never, note: An estimate. }

        """

    let project: PipelineFolder
    init() throws {
        project = try PipelineFolder()
        try project.write(Self.claims, to: "claims.yaml")
    }

    /// Places and sentences, without the excerpt below them.
    private func faults(_ yaml: String, sets: [String] = []) -> [String] {
        project.problems(yaml, sets: sets).map { String($0.split(separator: "\n")[0]).replacing(" error:", with: "") }
    }

    /// The same of a claims file that a pipeline without faults names.
    private func faults(claims: String) throws -> [String] {
        try project.write(claims, to: "claims.yaml")
        return faults("claims: claims.yaml\n" + Self.stages)
    }

    // MARK: Reading

    @Test func theFileIsReadAsItIsWritten() throws {
        let pipeline = try project.pipeline("claims: claims.yaml\n" + Self.stages)
        #expect(
            pipeline.claims
                == PublishedClaims(
                    title: "What the paper says", opening: "Two numbers.",
                    claims: [
                        .init(model: "A", claim: "R² .5", status: .measured, note: "One split."),
                        .init(model: "2", claim: "0.60", status: .never, note: "An estimate."),
                    ]))
        let value = try #require(pipeline.resolvedValues.first { $0.path == "claims" })
        #expect(value.value == "claims.yaml" && value.origin.hasSuffix("p.yaml:1"))
        #expect(try project.pipeline(Self.stages).claims == nil)
    }

    /// As other paths: the file is looked for beside the file that names it.
    @Test func inheritedFromAnotherFolder() throws {
        try FileManager.default.createDirectory(atPath: project.path + "/base", withIntermediateDirectories: true)
        try project.write("claims: own.yaml\n" + Self.stages, to: "base/base.yaml")
        try project.write(Self.claims.replacing("the paper", with: "the base"), to: "base/own.yaml")
        #expect(try project.pipeline("extends: base/base.yaml\n").claims?.title == "What the base says")
        #expect(
            try project.pipeline("extends: base/base.yaml\nclaims: claims.yaml\n").claims?.title
                == "What the paper says")
        #expect(try project.pipeline("extends: base/base.yaml\nclaims: ~\n").claims == nil)
    }

    @Test func overriddenByAProfile() throws {
        try project.write(Self.claims.replacing("the paper", with: "the other"), to: "other.yaml")
        let yaml = "claims: claims.yaml\nprofiles: { p: { claims: other.yaml }, none: { claims: ~ } }\n" + Self.stages
        #expect(try project.pipeline(yaml).claims?.title == "What the paper says")
        #expect(try project.pipeline(yaml, profile: "p").claims?.title == "What the other says")
        #expect(try project.pipeline(yaml, profile: "none").claims == nil)
    }

    // MARK: Faults

    @Test func itsFaultsAreToldWithThoseOfThePipeline() throws {
        try project.write(
            """
            title: T
            openin: O
            claims:
              - { model: A, claim: B, status: measured, note: N }
              - { model: A, claim: B, status: flawd, note: N }
              - { model: A, claim: B, status: never, notes: N }
              - { model: A, status: never, note: [1] }
              - three
              - { model: "", claim: ~, status: yes, note: !!int x, x: 1 }

            """, to: "claims.yaml")
        #expect(
            faults("sed: 1\nclaims: claims.yaml\nstages:\n  a: { uses: toy-constan }\n") == [
                "p.yaml:1:1: Unknown key `sed`. Did you mean `seed`?",
                "p.yaml:4:14: Unknown kind `toy-constan`. Did you mean `toy-constant`?",
                "claims.yaml:2:1: Unknown key `openin`. Did you mean `opening`?",
                "claims.yaml:5:35: `status` must be `measured`, `flawed` or `never`. Did you mean `flawed`?",
                "claims.yaml:6:42: Unknown key `notes`. Did you mean `note`?",
                "claims.yaml:7:5: A claim needs `claim:`.",
                "claims.yaml:7:38: `note` must be text and not empty.",
                "claims.yaml:8:5: A claim must be a mapping with `model:`, `claim:`, `status:` and `note:`.",
                "claims.yaml:9:14: `model` must be text and not empty.",
                "claims.yaml:9:25: `claim` must be text and not empty.",
                "claims.yaml:9:36: `status` must be `measured`, `flawed` or `never`.",
                "claims.yaml:9:47: `x` is not a whole number of at most 64 bits, as its tag `!!int` requires.",
                "claims.yaml:9:56: Unknown key `x`. Allowed here: model, claim, status, note.",
            ])
    }

    @Test(arguments: [
        ("claims: nowhere.yaml", "p.yaml:1:9: The claims file nowhere.yaml does not exist."),
        ("claims: songs", "p.yaml:1:9: Cannot read songs: it is not a regular file but a folder."),
        ("claims: [claims.yaml]", "p.yaml:1:9: `claims` must be the path of a file."),
        ("claims: 3", "p.yaml:1:9: `claims` must be the path of a file."),
        (
            "params: { x: claims }\nclaims: \"${x}.yaml\"",
            "p.yaml:2:9: `claims` cannot contain `${}`: its file is read before params are resolved. Write the path itself."
        ),
    ])
    func whatNamesNoFile(lines: String, fault: String) {
        #expect(faults(lines + "\n" + Self.stages) == [fault])
    }

    @Test(arguments: [
        ("", "p.yaml:1:9: claims.yaml is empty; a claims file needs at least `claims:`."),
        ("- a", "claims.yaml:1:1: A claims file must be a mapping with `title:`, `opening:` and `claims:`."),
        (
            "claims: []\ntitle: T\nopening: O",
            "claims.yaml:1:9: `claims` must be a list of claims: `- { model: …, claim: …, status: measured, note: … }`."
        ),
        (
            "{ title: T, claims: [{ model: A, claim: B, status: never, note: N }] }",
            "claims.yaml:1:1: A claims file needs `opening:`."
        ),
    ])
    func whatIsNoClaimsFile(text: String, fault: String) throws { #expect(try faults(claims: text) == [fault]) }

    @Test func faultsOfItsYAML() throws {
        #expect(
            try faults(claims: "title: T\ntitle: U\nopening: O\n") == [
                "claims.yaml:1:1: The key `title` occurs twice in this mapping; remove one of them.",
                "claims.yaml:1:1: A claims file needs `claims:`.",
            ])
        let broken = try faults(claims: "title: [\n")
        #expect(
            broken.count == 1 && broken[0].hasPrefix("claims.yaml:") && broken[0].contains("Invalid YAML: "),
            "\(broken)")
    }

    @Test func countsAndSizesAreBounded() throws {
        let head = "title: T\nopening: O\nclaims:\n", claim = "  - { model: A, claim: B, status: never, note: N }\n"
        #expect(try faults(claims: head + String(repeating: claim, count: 500)) == [])
        #expect(
            try faults(claims: head + String(repeating: claim, count: 501)) == [
                "claims.yaml:504:5: A claims file can have at most 500 claims."
            ])
        let long = claim.replacing("N", with: String(repeating: "n", count: 2001))
        #expect(try faults(claims: head + long) == ["claims.yaml:4:48: `note` has more than 2000 characters."])
        #expect(
            try faults(claims: head + claim + String(repeating: "#", count: 256 << 10)) == [
                "p.yaml:1:9: Cannot read claims.yaml: it has 262223 bytes; the limit is 262144."
            ])
    }

    @Test func theCommandLineDoesNotNameThem() {
        #expect(
            faults(Self.stages, sets: ["claims=claims.yaml"]).map { $0.contains("there is no param or stage `claims`") }
                == [true])
    }
}
