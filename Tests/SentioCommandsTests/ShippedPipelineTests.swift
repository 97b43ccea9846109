import Foundation
import Testing

/// The pipelines of the repository: valid in every profile, and compact unless asked otherwise.
@Suite struct ShippedPipelineTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private func values(_ pipeline: String, _ arguments: String...) throws -> [String: String] {
        let file = "\(Self.root)/pipelines/\(pipeline).yaml"
        let config = try CommandLineProject().shell(
            "\"$SENTIO\" config '\(file)' --json \(arguments.joined(separator: " "))")
        #expect(config.exitCode == 0, "\(config)")
        return Dictionary(
            try config.json["values"].list.map { ($0["path"].text, "\($0["value"].raw ?? "nil")") },
            uniquingKeysWith: { first, _ in first })
    }

    /// Files of classical models, which have no published sizes.
    private static let small: Set<String> = ["phase1", "phase5", "embedding-ablation", "training-size"]

    @Test(
        arguments: [
            "phase1", "phase2", "phase3", "phase4", "phase4-distance", "phase5", "study", "ratio-ablation",
            "embedding-ablation",
            "training-size",
        ])
    func everyProfileIsValidAndDescribed(pipeline: String) throws {
        let project = try CommandLineProject(), file = "\(Self.root)/pipelines/\(pipeline).yaml"
        let profiles = ["default", "demo"] + (Self.small.contains(pipeline) ? [] : ["published"])
        for profile in profiles {
            let lint = try project.sentio("lint", file, "--profile", profile)
            #expect(lint.exitCode == 0, "\(profile): \(lint)")
        }
        let plan = try project.sentio("plan", file)
        #expect(plan.exitCode == 0 && plan.lines[0].contains(", profile default ("), "\(plan)")
        for profile in profiles.dropFirst() {
            #expect(plan.lines[1].contains("--profile \(profile) ("), "\(plan.lines[1])")
        }
    }

    @Test(arguments: [
        ("phase2", "crnn"), ("phase3", "ast"), ("phase4", "ast_gan"), ("ratio-ablation", "ast_gan"), ("study", "crnn"),
        ("study", "ast_gan"),
    ])
    func theDefaultIsCompact(pipeline: String, stage: String) throws {
        let path = "stages.\(stage).with.preset"
        #expect(try values(pipeline)[path] == "compact")
        #expect(try values(pipeline, "--profile", "demo")[path] == "compact")
        #expect(try values(pipeline, "--profile", "published")[path] == "published")
    }

    @Test func thePublishedSizesAreTheStudys() throws {
        let published = try values("phase4", "--profile", "published", "--resolved")
        #expect(published["stages.synthetic.with.count"] == "3200" && published["stages.mix.with.ratio"] == "2.2")
        #expect(published["stages.synthetic.with.labels"] == "uniform")
        #expect(published["stages.synthetic.with.keep"] == "all")
        #expect(published["params.crop"] == "<null>" && published["stages.gan.with.preset"] == "study")
        #expect(try values("phase4")["stages.gan.with.preset"] == "compact")
    }
}
