import SentioKit
import Testing

@Suite struct TableFaultsTests {
    private func faults(_ text: String) -> TableFaults {
        do {
            _ = try NumberTableReader.read(Array(text.utf8))
            return TableFaults()
        } catch { return error.faults }
    }
    private func lines(_ text: String) -> [String] { faults(text).lines().shown.map { "\($0.place): \($0.problem)" } }

    @Test func whatAColumnHasInCommonIsOneLine() {
        #expect(
            lines("song_id,x,y\na,happy,1\nb,sad,x\nc,fair,2\n") == [
                "2:3: x contains text in all 3 rows, such as `happy`", "3:7: song b: y is `x`, not a number",
            ])
        #expect(
            lines("song_id,x\na,\"3,5\"\nb,\"4,25\"\nc,4\nd,\"1,5\"\n") == [
                "2:3: x uses decimal commas in 3 of 4 rows, such as `3,5`; write 3.5"
            ])
    }

    @Test func twoOfAKindAreTwoLines() {
        #expect(
            lines("song_id,x\na,NA\nb,NA\n") == [
                "2:3: song a: x is `NA`, not a number; a missing value is an empty cell",
                "3:3: song b: x is `NA`, not a number; a missing value is an empty cell",
            ])
    }

    @Test func columnsOfTextAreThoseOfWhichHalfTheRowsHoldIt() {
        let text = "song_id,mood,x,note\na,happy,1,\nb,NA,kg,some\nc,sad,2,\nd,,3,\n"
        #expect(faults(text).textColumns == ["mood"])
        #expect(faults("song_id,x\na,?\nb,?\nc,?\n").textColumns == [])
    }

    @Test func theRestIsCounted() {
        var faults = TableFaults()
        for line in 1...15 { faults.add("fault \(line)", line: line, at: nil) }
        for line in 1...5 {
            faults.add(.empty, of: "x", "x is empty", example: "", line: line, at: (line: line, column: 2))
        }
        faults.rows = 20
        let (shown, more) = faults.lines()
        #expect(shown.count == 10 && more == 6 && faults.count == 20 && faults.count(of: .empty) == 5)
        #expect(shown[1] == CSVError(problem: "x has no number in 5 of 20 rows", line: 1, column: 2))
    }

    /// Places are looked for in the text, and only for what is shown.
    @Test func thousandsOfFaultsAreCountedQuickly() {
        let row = Array(repeating: "\"1,5\"", count: 200).joined(separator: ",")
        let text =
            "song_id," + (0..<200).map { "x\($0)" }.joined(separator: ",") + "\n"
            + (0..<100).map { "\($0),\(row)\n" }.joined()
        let found = faults(text)
        #expect(found.count == 20_000)
        #expect(found.lines().shown.count == 10 && found.lines().more == 19_000)
    }
}
