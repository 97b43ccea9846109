import Testing

@testable import SentioReport

@Suite struct SequenceSectionTests {
    @Test func theBestTheMedianAndTheWorstAreDrawn() {
        let many = SequenceSection.selection(63)
        #expect(many.map(\.place) == [0, 1, 2, 30, 31, 60, 61, 62])
        #expect(many[0].words.hasSuffix("smallest errors") && many[3].words.hasSuffix("median error"))
        #expect(many[7].words.hasSuffix("largest errors"))
        #expect(SequenceSection.selection(9).map(\.place) == [0, 1, 2, 3, 4, 6, 7, 8])
        #expect(SequenceSection.selection(8).map(\.place) == Array(0..<8))
        #expect(SequenceSection.selection(0).isEmpty)
    }
}
