import SentioKit
import Testing

@Suite struct FolderShapeTests {
    @Test func goesThroughAttributes() throws {
        let shape = FolderShape(
            modes: ["run.sh": .executable, "key": .exactly(0o600), "sub": .exactly(0o700), ".": .exactly(0o711)],
            links: ["latest": "epoch-9", "sub/up": ".."], emptyFolders: ["logs", "."])
        let back = try FolderShape(attributes: shape.attributes)
        #expect(back.modes == shape.modes && back.links == shape.links && Set(back.emptyFolders) == Set(shape.emptyFolders))
        #expect(shape.attributes["modes"]?["key"] == "0600" && shape.attributes["modes"]?["run.sh"] == "executable")
        #expect(FolderShape().attributes.isEmpty, "plain files have the manifest they always had")
    }

    @Test(
        arguments: [
            ["links": ["a": "/etc/passwd"]], ["links": ["a": "../x"]], ["links": ["a/b": "../../x"]], ["links": ["../a": "x"]],
            ["links": ["/a": "x"]], ["links": ["a": ""]], ["links": ["a": 1]], ["empty_folders": ["../x"]], ["empty_folders": ["/x"]],
            ["links": ["a": "b/../../x"]], ["links": ["a/../b": "x"]],
        ] as [[String: Value]])
    func whatWouldReachOutIsRefused(_ attributes: [String: Value]) {
        #expect(throws: StageFailure.self) { try FolderShape(attributes: attributes) }
    }

    @Test(arguments: [
        ("b", "a/x", "a/x"), ("s/l", "s/t", "t"), ("a/b/l", "a", ".."), ("a/l", "", ".."), ("l", "", "."), ("a/b/l", "c/d", "../../c/d"),
    ])
    func targetsAsSeenFromTheLink(_ link: String, _ target: String, _ expected: String) {
        #expect(FolderShape.relative(target, from: link) == expected)
        #expect(FolderShape.staysInside(link: link, to: expected))
    }

    @Test func whatTheUmaskGivesIsNotWrittenDown() {
        #expect(FileMode(of: 0o644, isFolder: false, umask: 0o022) == nil && FileMode(of: 0o664, isFolder: false, umask: 0o002) == nil)
        #expect(FileMode(of: 0o755, isFolder: false, umask: 0o022) == .executable)
        #expect(FileMode(of: 0o775, isFolder: false, umask: 0o002) == .executable)
        #expect(FileMode(of: 0o755, isFolder: true, umask: 0o022) == nil)
        #expect(FileMode(of: 0o4600, isFolder: false, umask: 0o022) == .exactly(0o600), "set-user bits are not kept")
        for mode in [FileMode.executable, .exactly(0), .exactly(0o7), .exactly(0o640)] { #expect(FileMode(text: mode.text) == mode) }
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
