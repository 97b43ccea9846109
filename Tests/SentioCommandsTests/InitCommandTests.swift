import Foundation
import Testing

/// `init`: a pipeline that runs, at the first try, to a verdict.
@Suite struct InitCommandTests {
    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try StrangersFolder.make(in: project)
        return project
    }

    /// A stranger's folder with seven troubles reaches the verdict "SVR or trees" in three commands.
    @Test func threeCommandsToAVerdict() throws {
        let project = try project()
        #expect(try project.sentio("dataset", "check", "songs").exitCode == 0)
        let made = try project.sentio("init", "study", "--data", "songs")
        #expect(made.exitCode == 0, "\(made)")
        #expect(made.lines.last == "Next: sentio-pipeline run study/pipeline.yaml")
        let run = try project.sentio("run", "study/pipeline.yaml", timeout: 300)
        #expect(run.exitCode == 0, "\(run)")
        for row in ["ridge.valence ", "svr.arousal ", "trees.valence ", "baseline.valence "] {
            #expect(run.lines.contains { $0.hasPrefix(row) }, "\(row)\n\(run.output)")
        }
        // Whichever is better, or neither: on noise, that is not for the test to say.
        let verdict = try #require(run.lines.first { $0.contains("on 12 songs") }, "\(run.output)")
        #expect(verdict.contains("cv.svr") || verdict.contains("cv.trees"), "\(verdict)")
        #expect(try project.sentio("run", "study/pipeline.yaml", "--json").finished["verdict"].text == verdict)
    }

    @Test func theFileBeginsWithItsSchemaAndIsValid() throws {
        let project = try project()
        #expect(try project.sentio("init", "a/study", "--data", "songs").exitCode == 0)
        let text = String(decoding: try project.read("a/study/pipeline.yaml"), as: UTF8.self)
        #expect(text.hasPrefix("# yaml-language-server: $schema=sentio.schema.json\n"))
        #expect(text.contains("\n      source: ../../songs\n") && text.contains("\n      scale: [-1, 1]\n"), "\(text)")
        let schema = String(decoding: try project.read("a/study/sentio.schema.json"), as: UTF8.self)
        let printed = try project.sentio("schema").output
        #expect(schema == printed)
        let lint = try project.sentio("lint", "a/study/pipeline.yaml")
        #expect(lint.exitCode == 0, "\(lint)")
    }

    @Test func nothingIsOverwritten() throws {
        let project = try project()
        try project.write("{}", to: "sentio.schema.json")
        #expect(try project.sentio("init", "--data", "songs").exitCode == 0)
        #expect(try project.read("sentio.schema.json") == Data("{}".utf8))
        let first = try project.read("pipeline.yaml")
        #expect(String(decoding: first, as: UTF8.self).contains("\n      source: songs\n"))
        let again = try project.sentio("init", "--data", "songs")
        #expect(
            again.exitCode == 1 && again.errors.contains("pipeline.yaml exists and was not overwritten."), "\(again)")
        #expect(try project.read("pipeline.yaml") == first)
    }

    @Test func artistsStayTogetherWhereTheyAreKnown() throws {
        let project = try project()
        try project.write(
            "filename;artist\n" + (1...12).map { "\($0).mp3;artist \($0 / 3)\n" }.joined(), to: "songs/metadata.csv")
        #expect(try project.sentio("init", "--data", project.path + "/songs").exitCode == 0)
        let text = String(decoding: try project.read("pipeline.yaml"), as: UTF8.self)
        #expect(text.contains("with: { folds: 5, group: [artist, none] }"), "\(text)")
        #expect(text.contains("\n      source: \(project.path)/songs\n"), "\(text)")
        #expect(try project.sentio("lint", "pipeline.yaml").exitCode == 0)
    }

    @Test func aFolderNamedDemoIsAFolder() throws {
        let project = try CommandLineProject()
        try StrangersFolder.make(in: project, folder: "demo")
        #expect(try project.sentio("init", "--data", "demo").exitCode == 0)
        let text = String(decoding: try project.read("pipeline.yaml"), as: UTF8.self)
        #expect(text.contains("\n      source: ./demo\n"), "\(text)")
    }

    @Test func theDataMustBeNamed() throws {
        let result = try CommandLineProject().sentio("init")
        #expect(result.exitCode == 64 && result.errors.contains("--data"))
    }
}
