import SentioKit
import Testing

@Suite struct JSONTests {
    @Test func writesSortedKeysAndKeepsIntegersApart() {
        #expect(
            JSON.text(["b": 1, "a": 1.0, "c": [true, nil, "x\n\"y\u{1}"]])
                == #"{"a":1.0,"b":1,"c":[true,null,"x\n\"y\u0001"]}"#)
        #expect(JSON.text(.double(.nan)) == "null")
    }

    @Test func readsWhatItWrites() throws {
        let value: Value = ["numbers": [0, -3, 1.5, 1e-9, 1e300], "text": "ü 𝄞 \\ / \"", "empty": [:], "list": [[]]]
        #expect(try JSON.parse(JSON.text(value)) == value)
        #expect(try JSON.parse(JSON.pretty(value)) == value)
    }

    @Test func readsEscapes() throws {
        #expect(try JSON.parse(#""\u00e9\ud834\udd1e\t""#) == .string("é𝄞\t"))
    }

    @Test func keysThatStandTwiceCanBeAskedFor() throws {
        let document = try JSON.document(Array(#"{"a": 1, "b": {"a": 2, "c": 3, "c": 4}, "a": null}"#.utf8))
        #expect(document.value == ["a": nil, "b": ["a": 2, "c": 4]] && document.repeatedKeys == ["c", "a"])
        #expect(try JSON.document(Array(#"[{"a": 1}, {"a": 1}]"#.utf8)).repeatedKeys.isEmpty)
        #expect(try JSON.parse(#"{"a": 1, "a": 2}"#) == ["a": 2])
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("nul", 0), ("\"abc", 4), ("1 2", 2), ("\"\\ud800\"", 7),
        ("[1", 2), ("--1", 0),
    ])
    func saysWhereItStops(text: String, byte: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(error?.byte == byte, "\(String(describing: error))")
    }

    @Test func boundsNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSON.parse(deep) }
    }
}

@Suite struct JSONEncodingTests {
    @Test func aByteOrderMarkDoesNotCount() throws {
        #expect(try JSON.parse([0xEF, 0xBB, 0xBF] + Array("{\"acc\": 0.5}".utf8)) == ["acc": 0.5])
        let error = #expect(throws: JSONError.self) { try JSON.parse([0xEF, 0xBB, 0xBF] + Array("{".utf8)) }
        #expect(error?.byte == 4)
    }

    @Test func anotherEncodingIsNamed() {
        let error = #expect(throws: JSONError.self) { try JSON.parse([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) }
        #expect(error?.problem == "the file is UTF-16 text; save it as UTF-8 (in Excel: “CSV UTF-8”)")
    }
}
