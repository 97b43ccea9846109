import SentioBase
import Testing

@Suite struct ShortTextTests {
    @Test func whatIsTooLongIsCut() {
        #expect(ShortText.end("abcdef", to: 4) == "abc…" && ShortText.end("abcdef", to: 6) == "abcdef")
        #expect(ShortText.middle("abcdefghij", to: 7) == "abc…hij" && ShortText.middle("abcdef", to: 4) == "abcdef")
    }
}
