import SentioKit
import Testing

@Suite struct CSVFormatTests {
    private func table(_ text: String) throws -> (Table, CSVFormat.Separator) {
        let format = try CSVFormat(of: Array(text.utf8))
        return (try CSVReader.read(Array(text.utf8), format: format), format.separator)
    }
    private func problem(_ bytes: [UInt8]) -> CSVError? {
        do {
            _ = try CSVReader.read(bytes, format: try CSVFormat(of: bytes))
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("song_id,v,a\n1,2,3\n", CSVFormat.Separator.comma), ("song_id;v;a\n1;2;3\n", .semicolon),
        ("song_id\tv\ta\n1\t2\t3\n", .tab),
        ("\u{FEFF}song_id;v;a\r\n1;2;3\r\n", .semicolon), ("\"song_id\";\"v\";\"a\"\n1;2;3\n", .semicolon),
        ("v; song_id ;a\n2;1;3\n", .semicolon), ("id;v;a\n1;2;3\n", .semicolon),
        ("sep=;\r\nsong_id;v;a\r\n1;2;3\r\n", .semicolon),
        ("\u{FEFF}sep=\t\nsong_id\tv\ta\n1\t2\t3\n", .tab), ("song_id, v,\ta\n1,2,\t3\n", .comma),
    ])
    func theSeparatorIsWhatTheHeaderSays(text: String, separator: CSVFormat.Separator) throws {
        let (table, found) = try table(text)
        #expect(found == separator && table.columns.count == 3 && Set(table.rows[0]) == ["1", "2", "3"])
    }

    /// A comma that stands in the header among semicolons belongs to a name, where only the semicolons give `song_id`.
    @Test func theColumnThatEveryTableHasDecides() throws {
        #expect(try table("song_id;a, b;c\n1;2;3\n").0.columns == ["song_id", "a, b", "c"])
        #expect(try table("song_id,a;b,c\n1,2,3\n").0.columns == ["song_id", "a;b", "c"])
        #expect(try table("song_id\n1\n").1 == .comma)
    }

    @Test func cellsOfATabSeparatedTableMayBeEmpty() throws {
        #expect(try table("song_id\ta\tb\n1\t\t x \n").0.rows == [["1", "", "x"]])
    }

    @Test func otherEncodingsAreNamedWithTheCure() {
        func wide(_ text: String, mark: [UInt8]) -> [UInt8] {
            mark + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        for mark in [[0xFF, 0xFE], []] as [[UInt8]] {
            #expect(
                problem(wide("song_id,artist\n1,x\n", mark: mark))?.problem
                    == "the file is UTF-16 text; save it as UTF-8 (in Excel: “CSV UTF-8”)")
        }
        let latin = problem(Array("song_id;artist\n1;x\n2;Beyonc".utf8) + [0xE9, 0x0A])
        #expect(
            latin
                == CSVError(
                    problem:
                        "text that is not UTF-8 (byte E9); as Latin-1 it would read `Beyoncé`. Save the file as UTF-8 (in Excel: “CSV UTF-8”)",
                    line: 3, column: 3))
        #expect(problem(Array("song_id,a\n1,".utf8) + [0x93, 0x0A])?.problem.contains("perhaps Windows-1252") == true)
        #expect(problem([0x50, 0x4B, 0x03, 0x04, 0, 0])?.problem.contains("is a spreadsheet or zip file") == true)
        #expect(problem([0x1F, 0x8B, 8, 0])?.problem.contains("compressed by gzip") == true)
    }

    @Test(arguments: [(0, 2, 1), (1, 2, 3), (2, 2, 8), (3, 3, 5)])
    func aCellHasALineAndAColumn(cell: Int, line: Int, column: Int) {
        let bytes = Array("song_id;a;b;c\né;ab12;\"x\ny\"; z\n".utf8)
        let place = CSVReader.place(line: 2, cell: cell, in: bytes, format: try? CSVFormat(of: bytes))
        #expect(place.line == line && place.column == column, "\(place)")
    }
}

extension CSVReader {
    fileprivate static func place(line: Int, cell: Int, in bytes: [UInt8], format: CSVFormat?) -> (
        line: Int, column: Int
    ) {
        place(line: line, cell: cell, in: bytes, format: format ?? .plain)
    }
}
