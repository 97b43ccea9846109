import SentioBase
import Testing

@testable import SentioReport

@Suite struct MarkupTests {
    @Test func strangersNamesStayText() {
        #expect(Markup.escaped("<script>alert('x')&\"") == "&lt;script&gt;alert(&#39;x&#39;)&amp;&quot;")
        #expect(Markup.escaped("a\u{0}b\u{1B}[31m\u{202E}c") == "a\u{FFFD}b\u{FFFD}[31m\u{FFFD}c")
        #expect(Markup.element("td", text: "<b>") == "<td>&lt;b&gt;</td>")
    }

    @Test func base64IsRFC4648s() {
        let vectors = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
            "foobar": "Zm9vYmFy",
        ]
        for (text, expected) in vectors { #expect(Base64.text(Array(text.utf8)) == expected) }
    }

    @Test func numbers() {
        #expect(
            Numerals.fixed(-0.0004, 3) == "0.000" && Numerals.fixed(2.0005, 3) == "2.001"
                && Numerals.signed(0.5, 1) == "+0.5")
        #expect(Numerals.count(12_345, "song") == "12,345 songs" && Numerals.count(1, "song") == "1 song")
        #expect(
            Numerals.short(0.25) == "0.25" && Numerals.short(-1200.4) == "-1200" && Numerals.short(3) == "3"
                && Numerals.p(0.0001) == "p < 0.001")
        #expect(Numerals.fixed(.nan, 2) == "–" && DurationText.measured(185) == "3 min 05 s")
    }
}
