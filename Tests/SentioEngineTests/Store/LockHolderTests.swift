import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// Whether a lock's holder is alive is told only where its process number means something.
@Suite struct LockHolderTests {
    let project: TestProject
    private var lock: String { project.path + "/lock" }
    /// No system has such a process.
    private let signature = "pid 2147483000 on \(HostInfo.name) since 2026-11-23 03:15:22 UTC"

    init() throws {
        project = try TestProject()
        try project.write("", to: "lock")
    }

    @Test func aNumberOfAnotherContainerSaysNothing() throws {
        // Somebody has the file open, as a command has that outlived its run; it ends with its standard input.
        let command = Process(), input = Pipe(), output = Pipe()
        command.executableURL = URL(fileURLWithPath: "/bin/sh")
        command.arguments = ["-c", "exec 3<\"$0\"; echo ready; read line", lock]
        command.standardInput = input
        command.standardOutput = output
        try command.run()
        #expect(output.fileHandleForReading.availableData == Data("ready\n".utf8))
        let holder = LockHolder(signature: signature, namespace: "pid:[1]", lock: lock)
        #expect(!holder.isOrphaned && holder.text == signature)
        let here = LockHolder(signature: signature, namespace: HostInfo.processNamespace, lock: lock)
        #expect(here.isOrphaned && here.orphans.map(\.processID) == [command.processIdentifier])
        try input.fileHandleForWriting.close()
        command.waitUntilExit()
    }

    @Test func whoIsNotSeenIsNotCalledKilled() {
        let holder = LockHolder(signature: signature, namespace: HostInfo.processNamespace, lock: lock)
        #expect(!holder.isOrphaned && holder.orphans.isEmpty)
    }

    @Test func placesAreHeldOnceAndLetGo() throws {
        let first = try OutputClaim.attempt(["/a", "/b"], lock: lock)
        #expect(first != nil)
        #expect(try OutputClaim.attempt(["/b", "/c"], lock: lock) == nil)
        #expect(try OutputClaim.attempt(["/c"], lock: lock) != nil)
        withExtendedLifetime(first) {}
        let again = try { () throws -> OutputClaim? in
            _ = try OutputClaim.attempt(["/d"], lock: lock)
            return try OutputClaim.attempt(["/d"], lock: lock)
        }()
        #expect(again != nil)
    }
}
