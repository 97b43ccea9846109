import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// What stands in a blob's place and cannot be read is a lost blob: made again, and said as it is. Tests may run as
/// root, to whom permissions mean nothing: folders, pipes and links stand for a disk that fails.
@Suite struct LostBlobTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "2"), ("c", "3")] { try project.song(id, text) }
    }

    enum Obstacle: String, CaseIterable, Sendable {
        case folder, fullFolder, pipe, danglingLink, linkToFile, prefixIsAFile, prefixIsALink, prefixIsDangling

        var isPrefix: Bool { rawValue.hasPrefix("prefix") }
    }

    /// Puts an obstacle in place of the blob of item `4`.
    /// - Returns: a file outside the workspace that must stay as it is.
    private func put(_ obstacle: Obstacle) throws -> String {
        let blob = project.blobPath("4"), prefix = (blob as NSString).deletingLastPathComponent
        let outside = project.path + "/outside", files = FileManager.default
        try files.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try TestFiles.write("4", to: outside + "/" + (blob as NSString).lastPathComponent)
        try files.removeItem(atPath: obstacle.isPrefix ? prefix : blob)
        switch obstacle {
        case .folder: try files.createDirectory(atPath: blob, withIntermediateDirectories: false)
        case .fullFolder: try files.createDirectory(atPath: blob + "/in", withIntermediateDirectories: true)
        case .pipe: #expect(mkfifo(blob, 0o644) == 0)
        case .danglingLink: try files.createSymbolicLink(atPath: blob, withDestinationPath: "/nowhere")
        case .linkToFile:
            try files.createSymbolicLink(
                atPath: blob, withDestinationPath: outside + "/" + (blob as NSString).lastPathComponent)
        case .prefixIsAFile: try TestFiles.write("file", to: prefix)
        case .prefixIsALink: try files.createSymbolicLink(atPath: prefix, withDestinationPath: outside)
        case .prefixIsDangling: try files.createSymbolicLink(atPath: prefix, withDestinationPath: "/nowhere/at/all")
        }
        return outside + "/" + (blob as NSString).lastPathComponent
    }

    @Test(arguments: Obstacle.allCases)
    func isMadeAgain(_ obstacle: Obstacle) async throws {
        try await project.run(yaml)
        let outside = try put(obstacle)
        let run = try await project.run(yaml)
        #expect(run.status == .succeeded, "\(run.stages.compactMap(\.message))")
        #expect(run["scaled"]?.reason?.causes.first?.code == "lost-outputs")
        #expect(try project.output(run, "sum") == "12")
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: outside)) == Data("4".utf8), "nothing is changed through a link")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: (outside as NSString).deletingLastPathComponent).count
                == 1)
        #expect(try project.workspace.verify(threads: 2).isClean)
        #expect(try await project.run(yaml).states == "songs cached, scaled cached, sum cached")
    }

    @Test(arguments: Obstacle.allCases)
    func isQuarantinedByVerify(_ obstacle: Obstacle) async throws {
        try await project.run(yaml)
        _ = try put(obstacle)
        let found = try project.workspace.verify(threads: 2)
        #expect(!found.isClean)
        if obstacle.isPrefix {
            #expect(found.misplaced.map(\.isQuarantined) == [true] && found.missing.contains(Hashing.content("4")))
        } else {
            #expect(found.damaged == [Hashing.content("4")] && found.inTheWay.isEmpty)
        }
        #expect(try await project.run(yaml).status == .succeeded)
        #expect(try project.workspace.verify(threads: 2).isClean)
    }

    /// The size is right, so that only reading can tell: an item that is read by a stage that runs.
    @Test func aBlobThatOnlyReadingFindsLostIsHealed() async throws {
        try await project.run(yaml)
        let blob = project.blobPath("4")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: blob)
        try TestFiles.write("5", to: blob)
        let events = EventLog()
        let run = try await project.run(yaml, configure: { $0.force = ["sum"] }, events: events)
        #expect(run.status == .succeeded)
        #expect(
            events.warnings.contains { $0.contains("must run again") && $0.contains("`scaled` runs again") },
            "\(events.warnings)")
    }

    @Test func collectingRemovesNothingThroughALink() async throws {
        try await project.run(yaml)
        let outside = try put(.prefixIsALink)
        _ = try project.workspace.collect(keep: 0, dryRun: false)
        #expect(FileManager.default.fileExists(atPath: outside))
    }
}
