import SentioKit
import Testing

@Suite struct CSVReaderTests {
    private func read(_ text: String) throws -> Table { try CSVReader.read(Array(text.utf8)) }

    @Test func readsDEAMsHeaderWithSpaces() throws {
        let table = try read("song_id, valence_mean, valence_std\n2,3.1,0.94\n3 , 3.5, 1.75\n")
        #expect(table.columns == ["song_id", "valence_mean", "valence_std"])
        #expect(table.rows == [["2", "3.1", "0.94"], ["3", "3.5", "1.75"]])
        #expect(table.lines == [2, 3])
    }

    @Test func readsQuotesLineEndsAndByteOrderMark() throws {
        let table = try read("\u{FEFF}id,artist\r\n1,\"Simon, \"\"Paul\"\"\nand Art\"\r\n\r\n2,\r\n")
        #expect(table.rows == [["1", "Simon, \"Paul\"\nand Art"], ["2", ""]])
        #expect(table.lines == [2, 5])
    }

    @Test func writesWhatItReads() throws {
        let table = Table(
            columns: ["id", "text"], rows: [["1", "a,b"], ["2", "\"q\""], ["3", " space "], ["4", "line\nend"]])
        #expect(try CSVReader.read(Array(table.csv.utf8)).rows == table.rows)
    }

    @Test(arguments: [
        ("", 1, "the table is empty; its first line must name the columns"),
        ("a,b\n1\n", 2, "1 cell where the header has 2"),
        (
            "a,b\n1,2\n\n1,2,3\n", 4,
            "3 cells where the header has 2; this may be a decimal comma or an unquoted comma in text"
        ),
        ("a,a\n", 1, "the header has the column `a` twice"), ("a,,\n", 1, "columns 2 and 3 have no name"),
        ("a\n\"open\n", 2, "a quote is opened but never closed"),
        ("a\n\"x\"y\n", 2, "text after a closing quote; write a quote inside a quoted cell twice"),
    ])
    func namesTheLine(text: String, line: Int, problem: String) {
        let error = #expect(throws: CSVError.self) { try read(text) }
        #expect(error?.problem == problem && error?.line == line)
    }

    @Test func refusesTextThatIsNotUTF8() {
        #expect(throws: CSVError.self) { try CSVReader.read([0x61, 0x0A, 0xFF, 0x0A]) }
    }

    @Test(arguments: ["a\"\u{301}b", "\ttab", "tab\t", " ", "\"", "a\r\nb"])
    func anyCellComesBack(cell: String) throws {
        let table = Table(columns: ["song_id", "artist"], rows: [["1", cell], [cell, "2"]])
        #expect(try CSVReader.read(Array(table.csv.utf8)).rows == table.rows)
    }

    /// All of it, and what can be read beside it.
    @Test func aSurveyTellsEverythingWithSongAndColumn() {
        let (table, faults, _) = CSVReader.survey(Array("song_id,x,y,x\n1,2\n2,3,4,5\n3,a,b,c,d\n".utf8))
        #expect(
            table.columns == ["song_id", "x", "y", "x"] && table.rows == [["2", "3", "4", "5"]] && table.lines == [3])
        #expect(
            faults.lines().shown == [
                CSVError(problem: "the header has the column `x` twice", line: 1, column: 13),
                CSVError(problem: "song 1: 2 cells where the header has 4", line: 2, column: 3),
                CSVError(
                    problem:
                        "song 3: 5 cells where the header has 4; this may be a decimal comma or an unquoted comma in text",
                    line: 4, column: 9),
            ])
        #expect(
            CSVReader.survey([]).faults.lines().shown.map(\.problem) == [
                "the table is empty; its first line must name the columns"
            ])
        let open = CSVReader.survey(Array("song_id,x\n1,2\n2,\"3\n".utf8))
        #expect(open.table.rows == [["1", "2"]] && open.faults.lines().shown.map(\.line) == [3])
    }

    @Test func rowsThatAreAllUnevenAreOneLine() {
        let text = "song_id,v,a\n" + (1...40).map { "\($0),3,5,4,5\n" }.joined()
        let (shown, more) = CSVReader.survey(Array(text.utf8)).faults.lines()
        #expect(
            shown == [
                CSVError(
                    problem:
                        "all 40 rows have 5 cells where the header has 3; this may be a decimal comma or an unquoted comma in text",
                    line: 2, column: 7)
            ])
        #expect(more == 0)
    }

    @Test func columnsWithoutANameAreCounted() {
        #expect(CSVReader.unnamed(["a", "", "b"]) == "column 2 has no name" && CSVReader.unnamed(["a"]) == nil)
        #expect(CSVReader.unnamed(["", "a", "", ""]) == "columns 1, 3 and 4 have no name")
        #expect(CSVReader.unnamed(Array(repeating: "", count: 9)) == "columns 1, 2, 3, 4, 5 and 4 more have no name")
    }
}
