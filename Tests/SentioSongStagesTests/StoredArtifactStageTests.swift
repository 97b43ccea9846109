import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct StoredArtifactStageTests {
    let harness = StageHarness()

    private func run(_ files: [String: String]) throws -> Manifest {
        try harness.run(
            StoredArtifactStage.self, with: ["folder": "m", "type": "ridge-model"],
            sourceFiles: [
                "files": files.sorted { $0.key < $1.key }.map { harness.source($0.key, $0.value, at: "m/" + $0.key) }
            ]
        )["artifact"]!
    }

    @Test func keepsTypeLineageAndAttributes() throws {
        let song = StageHarness.song("a")
        let artifact = try run([
            "artifact.json": #"{"attributes": {"k": 1}, "songs": ["\#(song.hex)"]}"#, "ridge.json": "{}",
        ])
        #expect(artifact.type == "ridge-model" && artifact.form == .files && artifact.carriesSongData)
        #expect(artifact.entries.map(\.file) == ["ridge.json"] && artifact.attributes == ["k": 1])
        #expect(artifact.lineage == Lineage([song]))
    }

    @Test(arguments: [
        ([:], "has no `artifact.json`"), (["artifact.json": "{"], "does not describe an artifact"),
        (["artifact.json": #"{"attributes": {}}"#], "needs `attributes`, a map, and `songs`, a list"),
        (["artifact.json": #"{"attributes": {}, "songs": ["abc"]}"#, "x": ""], "an entry of `songs` is not a SHA-256"),
        (["artifact.json": #"{"attributes": {}, "songs": []}"#], "has no file besides"),
    ])
    func whatIsNoArtifact(_ files: [String: String], _ words: String) {
        #expect(sentence { _ = try run(files) }.contains(words))
    }
}
