import Foundation
import SentioKit
import Testing

@Suite struct FolderShapeTests {
    @Test func goesThroughAttributes() throws {
        let shape = FolderShape(
            modes: ["run.sh": .executable, "key": .exactly(0o600), "sub": .exactly(0o700), ".": .exactly(0o711)],
            links: ["latest": "epoch-9", "sub/up": ".."], emptyFolders: ["logs", "."])
        let back = try FolderShape(attributes: shape.attributes)
        #expect(
            back.modes == shape.modes && back.links == shape.links && Set(back.emptyFolders) == Set(shape.emptyFolders))
        #expect(shape.attributes["modes"]?["key"] == "0600" && shape.attributes["modes"]?["run.sh"] == "executable")
        #expect(FolderShape().attributes.isEmpty, "plain files have the manifest they always had")
    }

    @Test(
        arguments: [
            ["links": ["a": "/etc/passwd"]], ["links": ["a": "../x"]], ["links": ["a/b": "../../x"]],
            ["links": ["../a": "x"]],
            ["links": ["/a": "x"]], ["links": ["a": ""]], ["links": ["a": 1]], ["empty_folders": ["../x"]],
            ["empty_folders": ["/x"]],
            ["links": ["a": "b/../../x"]], ["links": ["a/../b": "x"]],
            // through another link: `a/b/x` is the folder itself, so what is above it is outside
            ["links": ["a/b/x": "../..", "y": "a/b/x/../s"]], ["links": ["a/b/x": "../..", "a/y": "b/x/../s"]],
            ["links": ["a/b/x": "../..", "m": "a/b/x", "y": "p/../m/../s"]],
            // behind another link: it would lie at the top, not two folders down
            ["links": ["a/b/x": "../..", "a/b/x/y": "../../s"]],
            // circles
            ["links": ["a": "b", "b": "a"]], ["links": ["a": "a"]], ["links": ["a": "a/.."]],
            // a slash with an accent over it is a slash to the system
            ["links": ["a": "../\u{301}x"]], ["links": ["a": "/\u{301}x"]], ["links": ["../\u{301}x": "a"]],
            ["empty_folders": ["../\u{301}x"]],
        ] as [[String: Value]])
    func whatWouldReachOutIsRefused(_ attributes: [String: Value]) {
        #expect(throws: StageFailure.self) { try FolderShape(attributes: attributes) }
    }

    /// Links may lead through others as long as they stay inside.
    @Test(
        arguments: [
            ["latest": "runs/9", "best": "latest/model", "runs/9/all": "..", "other": "runs/9/all/3"],
            ["a/b/x": "../..", "y": "a/b/x/s", "a/z": "b/x/a/../s"], ["d": ".", "e": "d/d/d/f"], ["a": "b/../c"],
            // two names on a disk, one to Swift
            ["caf\u{E9}": "a", "b": "cafe\u{301}/../c"],
        ] as [[String: String]])
    func linksThroughLinks(_ links: [String: String]) throws {
        let shape = FolderShape(links: links)
        #expect(shape.strayLinks.isEmpty)
        #expect(try FolderShape(attributes: shape.attributes).links == links)
    }

    /// The system has the last word: each of these is made, and followed.
    @Test func strayLinksAreThoseThatLeave() throws {
        let base = FileManager.default.temporaryDirectory.path + "/sentio-shape-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: base) }
        let names = ["a", "b", "a/x", "a/b", "a/b/x"]
        let targets = [
            ".", "..", "x", "b", "../..", "a/x", "a/b/..", "../a", "b/x/..", "a/b/x/..", "x/../..", "../a/b/x",
        ]
        var generator: UInt64 = 1, strays = 0
        func random(_ count: Int) -> Int {
            generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(generator >> 33) % count
        }
        for trial in 0..<300 {
            let root = "\(base)/\(trial)/top"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            var links: [String: String] = [:]
            for _ in 0..<3 {
                let name = names[random(names.count)]
                // as on a disk: what is a link is no folder of another
                if links.keys.contains(where: { $0.hasPrefix(name + "/") || name.hasPrefix($0 + "/") }) { continue }
                links[name] = targets[random(targets.count)]
            }
            for (name, target) in links {
                let path = URL(fileURLWithPath: root + "/" + name)
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(atPath: path.path, withDestinationPath: target)
            }
            let stray = FolderShape(links: links).strayLinks
            strays += stray.count
            for name in links.keys where !stray.contains(name) {
                guard let real = realpath(root + "/" + name, nil), let top = realpath(root, nil) else { continue }
                defer {
                    free(real)
                    free(top)
                }
                let place = String(cString: real), folder = String(cString: top)
                #expect(place == folder || place.hasPrefix(folder + "/"), "\(links): \(name) leads to \(place)")
            }
        }
        #expect(strays > 50, "there were some to find")
    }

    @Test(arguments: [
        ("b", "a/x", "a/x"), ("s/l", "s/t", "t"), ("a/b/l", "a", ".."), ("a/l", "", ".."), ("l", "", "."),
        ("a/b/l", "c/d", "../../c/d"),
    ])
    func targetsAsSeenFromTheLink(_ link: String, _ target: String, _ expected: String) {
        #expect(FolderShape.relative(target, from: link) == expected)
        #expect(FolderShape.staysInside(link: link, to: expected))
    }

    @Test func whatTheUmaskGivesIsNotWrittenDown() {
        #expect(
            FileMode(of: 0o644, isFolder: false, umask: 0o022) == nil
                && FileMode(of: 0o664, isFolder: false, umask: 0o002) == nil)
        #expect(FileMode(of: 0o755, isFolder: false, umask: 0o022) == .executable)
        #expect(FileMode(of: 0o775, isFolder: false, umask: 0o002) == .executable)
        #expect(FileMode(of: 0o755, isFolder: true, umask: 0o022) == nil)
        #expect(FileMode(of: 0o4600, isFolder: false, umask: 0o022) == .exactly(0o600), "set-user bits are not kept")
        for mode in [FileMode.executable, .exactly(0), .exactly(0o7), .exactly(0o640)] {
            #expect(FileMode(text: mode.text) == mode)
        }
        #expect(FileMode(text: "4755") == nil && FileMode(text: "x") == nil)
    }

    @Test func namesForSentences() {
        #expect(FileName.escaped([0x63, 0xE9, 0x0A, 0xC3, 0xBC]) == "c\\xE9\\x0Aü")
    }

    @Test func numbersThatAreNotFiniteAreReadWhereAsked() throws {
        let text = Array("{\"a\": NaN, \"b\": [Infinity, -Infinity, -1]}".utf8)
        let value = try JSON.parse(text, allowingNonFinite: true)
        #expect(value["a"]?.double?.isNaN == true && value["b"]?.list?.map(\.double) == [.infinity, -.infinity, -1])
        #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(throws: JSONError.self) { try JSON.parse(Array("[NaNa]".utf8), allowingNonFinite: true) }
    }
}
