import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// Songs that lie in the dataset's folder itself answer a request for its `audio`, and only where there is none.
@Suite struct SourceFallbackTests {
    private let project: TestProject

    init() throws {
        project = try TestProject()
        for name in ["data/1.txt", "data/deep/2.txt", "data/3.csv"] { try write(name) }
    }

    private func write(_ name: String) throws {
        let url = URL(fileURLWithPath: project.path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(name.utf8).write(to: url)
    }

    private func scan(fallback: String?, isOptional: Bool = true) throws -> SourceListing {
        let scanner = SourceScanner(directory: project.path, workspace: project.workspace, threads: 1)
        return try scanner.scan(
            SourceRequest(
                "audio", path: "data/audio", form: .folder(extensions: ["txt"]), isOptional: isOptional,
                fallback: fallback), stage: "songs")
    }

    @Test func filesOfTheFolderItselfAnswer() throws {
        #expect(try scan(fallback: "data").files.map(\.name) == ["1.txt"])
        #expect(try scan(fallback: nil).files.isEmpty)
        #expect(try scan(fallback: "nowhere").files.isEmpty)
        #expect(throws: StageFailure.self) { try scan(fallback: "data", isOptional: false) }
    }

    /// Results stay valid when the songs move into the folder.
    @Test func theFolderItselfComesFirstAndGivesTheSameKey() throws {
        let flat = try scan(fallback: "data").hash
        try FileManager.default.createDirectory(atPath: project.path + "/data/audio", withIntermediateDirectories: true)
        #expect(try scan(fallback: "data").files.isEmpty)
        try FileManager.default.moveItem(
            atPath: project.path + "/data/1.txt", toPath: project.path + "/data/audio/1.txt")
        #expect(try scan(fallback: "data").hash == flat)
    }

    /// Where nothing answers, the key is that of a request without a fallback.
    @Test func anUnansweredFallbackChangesNoKey() throws {
        try FileManager.default.removeItem(atPath: project.path + "/data/1.txt")
        #expect(try scan(fallback: "data").hash == scan(fallback: nil).hash)
    }
}
