import Foundation
import SentioKit
import Testing

@Suite struct OutputFileTests {
    let folder = FileManager.default.temporaryDirectory.path + "/sentio-output-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func text(_ name: String) -> String? { try? String(contentsOfFile: folder + "/" + name, encoding: .utf8) }

    @Test func aFileIsReplacedAsAWhole() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try OutputFile(folder + "/a")
        #expect(!file.isStream && file.target == folder + "/a")
        try file.write(Array("one".utf8))
        #expect(text("a") == "one")
        struct Stopped: Error {}
        #expect(throws: Stopped.self) {
            try file.write { writer in
                try Array("two".utf8).withUnsafeBytes { try writer.write($0) }
                throw Stopped()
            }
        }
        #expect(text("a") == "one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }

    @Test func aLinkOverSeveralStepsStays() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/first", withDestinationPath: "in/second")
        try FileManager.default.createSymbolicLink(atPath: folder + "/in/second", withDestinationPath: "third")
        try OutputFile(folder + "/first").write([0x78])
        #expect(text("in/third") == "x")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/in/second") == "third")
    }

    @Test func namesThatLeadNowhere() {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["", folder, folder + "/new/", folder + "/no/file"] {
            #expect(throws: OutputFileError.self, "\(name)") { try OutputFile(name) }
        }
    }

    @Test func anyNumberHasAWholePart() {
        for (value, whole) in [
            (1.9, 1), (-1.9, -1), (1e300, Int.max), (-1e300, Int.min), (.infinity, Int.max), (-.infinity, Int.min),
            (.nan, 0),
            (9.3e18, Int.max), (-9_223_372_036_854_775_808, Int.min),
        ] {
            #expect(Int(saturating: value) == whole, "\(value)")
        }
    }
}
