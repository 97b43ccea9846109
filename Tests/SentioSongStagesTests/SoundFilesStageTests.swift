import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct SoundFilesStageTests {
    let harness = StageHarness()

    private func stage(_ given: [String: Value]) throws -> SoundFilesStage {
        try SoundFilesStage(try Configuration(SoundFilesStage.parameters, given: given))
    }

    @Test func filesBecomeSongs() throws {
        let given: [String: Value] = ["files": ["a/b.mp3", "noise"], "names": ["b", "n"]]
        let files = ["b": [harness.source("b.mp3", "B")], "n": [harness.source("noise", "N")]]
        let audio = try harness.run(SoundFilesStage.self, with: given, sourceFiles: files)["audio"]!
        #expect(audio.entries.map(\.id) == ["b", "n"] && audio.entries.map(\.file) == ["b.mp3", "n"])
        #expect(audio.entries.allSatisfy { $0.sources == [$0.blob.hash] && $0.fitted == nil })
        #expect(try stage(given).sources == [SourceRequest("b", path: "a/b.mp3"), SourceRequest("n", path: "noise")])
        #expect(try stage(["files": ["a/b.mp3"]]).sources == [SourceRequest("b", path: "a/b.mp3")])
    }

    @Test(
        arguments: [
            (["files": []], "give at least one file."),
            (["files": ["a.mp3"], "names": ["x", "y"]], "it has 2 ids for 1 files."),
            (["files": ["x/a.mp3", "y/a.mp3"]], "x/a.mp3 and y/a.mp3 have the same id, `a`."),
            (["files": ["a.mp3"], "names": ["../a"]], "could name another folder"),
            (["files": ["a.mp3"], "names": [""]], "empty"),
        ] as [([String: Value], String)])
    func whatCannotBeASong(_ given: [String: Value], _ words: String) {
        #expect(sentence { _ = try stage(given) }.contains(words))
    }
}
