import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// Removing takes links and leaves what they lead to.
@Suite struct RemovalTests {
    let project: TestProject

    init() throws { project = try TestProject() }

    @Test func linksAreNotFollowed() throws {
        for folder in ["mine/deep", "gone/inner"] { try Files.makeDirectory(project.path + "/" + folder) }
        try project.write("mine", to: "mine/deep/file")
        try project.write("x", to: "gone/inner/x")
        let folder = project.path + "/gone/inner"
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link", withDestinationPath: project.path + "/mine")
        // In a folder that may not be written a link cannot be removed before its mode is changed.
        chmod(folder, 0o555)
        #expect(Files.remove(project.path + "/gone"))
        #expect(!Files.exists(project.path + "/gone"))
        #expect(try String(contentsOfFile: project.path + "/mine/deep/file", encoding: .utf8) == "mine")
    }

    @Test func aManifestThatCannotBeReadLosesNothing() async throws {
        try await project.run("stages: { numbers: { uses: toy-constant } }\n")
        let record = try #require(try project.workspace.records.latest(pipeline: "p", stage: "numbers"))
        var other = record
        other.key = Hashing.stageKey(
            KeyParts(kind: "toy-constant", version: 99, configuration: [:], inputs: [:], sources: [:], seed: nil))
        other.outputs = try record.outputs.mapValues { _ in
            try project.workspace.blobs.write(Array("of a later version".utf8))
        }
        try project.workspace.records.store(other)
        #expect(throws: (any Error).self) { try project.workspace.collect(keep: 0, dryRun: true) }
    }
}
