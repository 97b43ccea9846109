import Testing

@Suite struct SwiftTextTests {
    private func parts(_ text: String) -> [String] {
        let parts = SwiftText(text)
        return [parts.code, parts.comments, parts.strings].map { bytes in
            String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    @Test func takesSourceApart() {
        #expect(parts("a // b \"c\"\nd") == ["a d", "// b \"c\"", ""])
        #expect(parts("a /* b /* c */ d */ e") == ["a e", "/* b /* c */ d */", ""])
        #expect(parts("f(\"x // y\") // z") == ["f( )", "// z", "\"x // y\""])
        #expect(parts("\"a\\\"b\" c") == ["c", "", "\"a\\\"b\""])
        #expect(parts("\"a\\(f(\"b\") + g)c\" d") == ["f( ) + g d", "", "\"a\\( \"b\" )c\""])
        #expect(parts("#\"a\"b\\n\"# c") == ["c", "", "#\"a\"b\\n\"#"])
        #expect(parts("\"\"\"\na \"b\" c\n\"\"\" d") == ["d", "", "\"\"\" a \"b\" c \"\"\""])
        #expect(parts("#if os(Linux)\n\"unfinished\na") == ["#if os(Linux) a", "", "\"unfinished"])
    }

    @Test func keepsLines() {
        let text = "a\n/* b\nc */\n\"\"\"\nd\n\"\"\"\n"
        #expect(SwiftText(text).codeLines.count == 7)
        #expect(SwiftText(text).commentLines[2] == "c */")
    }
}
