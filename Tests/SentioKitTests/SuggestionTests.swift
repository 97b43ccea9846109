import SentioKit
import Testing

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("mel-extrat", "mel-extract"), ("riddge", "ridge"), ("epohcs", "epochs"), ("RIDGE", "ridge"),
            ("xyzzy", nil), ("spl", nil),
            ("decoed", "decode"),
        ] as [(String, String?)])
    func findsTheNearest(word: String, expected: String?) {
        #expect(
            Suggestion.nearest(to: word, among: ["decode", "mel-extract", "ridge", "epochs", "evaluate"]) == expected)
    }

    @Test func isCalmAboutHugeAndEmptyNames() {
        #expect(Suggestion.nearest(to: String(repeating: "x", count: 100_000), among: ["ridge"]) == nil)
        #expect(Suggestion.nearest(to: "", among: [String]()) == nil)
    }
}
