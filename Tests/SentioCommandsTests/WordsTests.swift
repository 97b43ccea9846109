import Testing

@testable import SentioCommands

/// Sentences on a narrow screen: broken between words, nothing lost.
@Suite struct WordsTests {
    private static let sentence =
        "The best `alphas` is the smallest value of its grid; a better one may lie beyond it. Add smaller values."

    @Test(arguments: 12...110)
    func linesAreBrokenBetweenWords(width: Int) {
        let lines = Words.wrapped(Self.sentence, to: width, indent: 2)
        #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") && !$0.hasPrefix("   ") })
        #expect(lines.map { $0.drop { $0 == " " } }.joined(separator: " ") == Self.sentence)
    }

    @Test func whatFitsStaysAsItIs() {
        #expect(Words.wrapped("a  b   c", to: 8) == ["a  b   c"])
        #expect(Words.wrapped(Self.sentence, to: nil) == [Self.sentence])
        #expect(Words.wrapped("", to: 10) == [""])
    }

    @Test func spacesBetweenColumnsStayAndIndentationGoesOn() {
        #expect(
            Words.wrapped("ridge   warning: the grid ends there", to: 20, indent: 2) == [
                "ridge   warning: the", "  grid ends there",
            ])
        #expect(Words.wrapped("  mels  waits for waves", to: 14, indent: 2) == ["  mels  waits", "    for waves"])
        #expect(
            Words.wrapped("see artifacts/runs/20261123-055335-3090", to: 10) == [
                "see", "artifacts/runs/20261123-055335-3090",
            ])
    }

    @Test func coloursTakeNoRoom() {
        let painted = "\(TerminalText.escape)[33mwarning:\(TerminalText.escape)[0m few songs"
        #expect(Words.wrapped(painted, to: 18) == [painted])
        #expect(Words.wrapped(painted, to: 12).count == 2)
    }

    @Test func aTableGivesItsLastColumnRoomBeforeItsNames() {
        var table = TextTable(["stage", "state", "why"])
        table.rows = [["a-stage-with-quite-a-long-name", "a state of some length", "no record of it yet"]]
        func widest(_ table: TextTable) -> Int { table.lines(width: 60).map(\.count).max() ?? 0 }
        #expect(widest(table) <= 60)
        table.rows[0][1] = "3 cached, 4 executed, 2 shared"
        #expect(widest(table) > 60)
        table.canShortenNames = true
        #expect(widest(table) <= 60 && table.lines(width: 60)[1].hasSuffix("no record o…"), "\(table.lines(width: 60))")
    }
}
