import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// Links, pipes and folders that somebody planted in a workspace: a sentence, never a write outside, never a wait.
@Suite struct PlantedLinkTests {
    let project: TestProject
    let yaml = "stages: { a: { uses: toy-constant, with: { text: fine } } }"
    private var outside: String { project.path + "/outside" }
    private var artifacts: String { project.path + "/artifacts" }

    init() throws {
        project = try TestProject()
        try FileManager.default.createDirectory(atPath: project.path + "/outside", withIntermediateDirectories: true)
        try TestFiles.write("precious", to: project.path + "/outside/file")
    }

    private func plant(_ name: String, _ target: String) throws {
        try? FileManager.default.removeItem(atPath: artifacts + "/" + name)
        try FileManager.default.createSymbolicLink(atPath: artifacts + "/" + name, withDestinationPath: target)
    }

    private func expectUntouched(_ location: Testing.SourceLocation = #_sourceLocation) throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["file"], sourceLocation: location)
        #expect(try String(contentsOfFile: outside + "/file", encoding: .utf8) == "precious", sourceLocation: location)
    }

    @Test(arguments: ["cas", "actions", "runs", "tmp", "tmp/locks", "tmp/checkpoints"])
    func aFolderThatIsALinkIsRefused(_ folder: String) throws {
        try plant(folder, outside)
        let error = #expect(throws: BlobStoreError.self) { try Workspace(path: artifacts) }
        #expect(
            error?.description.hasPrefix(
                "\(artifacts)/\(folder) is a symbolic link, but the workspace needs a folder of its own there.") == true
        )
        try expectUntouched()
    }

    @Test func theWorkspaceItselfMayBeALink() async throws {
        try FileManager.default.moveItem(atPath: artifacts, toPath: project.path + "/elsewhere")
        try FileManager.default.createSymbolicLink(atPath: artifacts, withDestinationPath: "elsewhere")
        #expect(try await project.run(yaml).status == .succeeded)
        #expect(try project.workspace.verify(threads: 1).isClean)
    }

    @Test(arguments: ["actions/stages.log", "actions/items.log"])
    func aLogThatIsALinkIsNotWritten(_ log: String) async throws {
        try plant(log, outside + "/file")
        let run = try await project.run(yaml)
        #expect(run.status == .failed)
        #expect(run["a"]?.message?.contains("\(log) is a symbolic link") == true, "\(run.stages)")
        try expectUntouched()
    }

    @Test func aListOfTaintsThatIsALinkIsNotRead() throws {
        try plant("tainted.json", outside + "/file")
        #expect(throws: TaintListError.self) { try project.reopen() }
    }

    @Test func locksThatArePipesOrLinks() async throws {
        #expect(try await project.run(yaml).status == .succeeded)
        let key = try #require(try project.workspace.records.latest(pipeline: "p", stage: "a")?.key.hash.hex)
        #expect(
            unlink(artifacts + "/tmp/locks/workspace") == 0 && mkfifo(artifacts + "/tmp/locks/workspace", 0o644) == 0)
        let events = EventLog()
        #expect(try await project.run(yaml, configure: { $0.force = ["a"] }, events: events).status == .succeeded)
        #expect(events.warnings.contains { $0.contains("tmp/locks/workspace is a named pipe") }, "\(events.warnings)")
        #expect(throws: BlobStoreError.self) { try project.workspace.collect(keep: nil, dryRun: false) }
        try plant("tmp/locks/" + key, outside + "/new")
        let run = try await project.run(yaml, configure: { $0.force = ["a"] })
        #expect(run["a"]?.message?.contains("is a symbolic link") == true)
        try expectUntouched()
    }

    @Test func theLinkToTheNewestRunReplacesLinksOnly() async throws {
        try FileManager.default.createDirectory(
            atPath: artifacts + "/runs/latest/mine", withIntermediateDirectories: true)
        let events = EventLog()
        #expect(try await project.run(yaml, events: events).status == .succeeded)
        #expect(
            events.warnings.contains { $0.contains("runs/latest is a folder, not the link") }, "\(events.warnings)")
        try FileManager.default.removeItem(atPath: artifacts + "/runs/latest")
        try TestFiles.write("mine", to: artifacts + "/runs/latest")
        #expect(try await project.run(yaml).status == .succeeded)
        #expect(project.read("artifacts/runs/latest") == "mine")
    }

    /// What cannot be read is no empty log: nothing is computed on a guess, and the log stays.
    @Test func aLogThatCannotBeReadIsAnErrorEachTime() async throws {
        try await project.run(yaml)
        let log = artifacts + "/actions/stages.log"
        let whole = try Data(contentsOf: URL(fileURLWithPath: log))
        try FileManager.default.moveItem(atPath: log, toPath: artifacts + "/kept")
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: false)
        for _ in 0..<2 {
            try project.reopen()
            for _ in 0..<2 {
                #expect(throws: BlobStoreError.self) { try project.workspace.records.latest(pipeline: "p", stage: "a") }
            }
            #expect(throws: BlobStoreError.self) { try project.workspace.collect(keep: 0, dryRun: false) }
            #expect(try await project.run(yaml).status == .failed)
        }
        try FileManager.default.removeItem(atPath: log)
        try FileManager.default.moveItem(atPath: artifacts + "/kept", toPath: log)
        #expect(try await project.run(yaml).states == "a cached")
        #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == whole)
    }

    /// `artifacts gc` of another process puts a shorter log in place of one that was read already.
    @Test func aLogThatWasReplacedIsReadAnew() throws {
        let path = artifacts + "/actions/stages.log", reader = RecordLog(path: path), writer = RecordLog(path: path)
        let keys = (0..<8).map { Hashing.content("\($0)") }
        for key in keys { try writer.append(key, payload: Array("payload of \(key.short)".utf8)) }
        #expect(try reader.all().count == 8)
        try writer.remove({ $0 == keys[0] || $0 == keys[5] }, temporary: artifacts + "/tmp/blob-x")
        try writer.append(Hashing.content("new"), payload: [0x61])
        try reader.refresh()
        #expect(Set(try reader.all().map(\.key)) == Set(try writer.all().map(\.key)))
        #expect(
            try reader.payload(keys[0]) == nil && reader.payload(keys[7]) == Array("payload of \(keys[7].short)".utf8))
        try reader.append(keys[0], payload: [0x62])
        try writer.refresh()
        #expect(try writer.payload(keys[0]) == [0x62])
    }
}
