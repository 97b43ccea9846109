import SentioKit
import Testing

@Suite struct NumberTableReaderTests {
    func read(_ text: String, keeping isKept: (String) -> Bool = { _ in true }) throws -> NumberTable {
        try NumberTableReader.read(Array(text.utf8), keeping: isKept)
    }
    func problem(_ text: String) -> String {
        do {
            _ = try read(text)
            return "(nothing)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        "0", "-0.0", "1", "12.5", "0.1", "-3.25e-7", "1e22", "123456789012345678", "9007199254740993",
        "0.30000000000000004",
        "2.2250738585072014e-308", "5e-324", "1.7976931348623157e308", ".5", "+4", "7.", "1E5",
        "0.000000000000000000000000123",
    ])
    func numbersAreRoundedAsSwiftRoundsThem(_ text: String) throws {
        let value = try read("song_id,x\na,\(text)\n").values[0]
        #expect(value.bitPattern == Double(text.hasSuffix(".") ? text + "0" : text)?.bitPattern)
    }

    @Test func whatIsWrittenReadsBack() throws {
        let values = [1, 0.1 + 0.2, -1e-300, .nan, 12_345.678_9, 1e300]
        let table = NumberTable(columns: ["x", "y, z", "w"], ids: ["a", "b\"c"], values: values)
        let back = try NumberTableReader.read(table.csv)
        #expect(back.columns == table.columns && back.ids == table.ids && back.lines == [2, 3])
        #expect(back.values.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(
            String(decoding: table.csv, as: UTF8.self).hasPrefix(
                "song_id,x,\"y, z\",w\na,1.0,0.30000000000000004,-1e-300\n"))
    }

    @Test func theUsualDialectsAreRead() throws {
        let table = try read("\u{FEFF}x , song_id, \"y\"\r\n1, a ,\" 2.5\"\r\n\r\n ,b,NaN\r\n nan,c,\"\"")
        #expect(table.columns == ["x", "y"] && table.ids == ["a", "b", "c"] && table.lines == [2, 4, 5])
        #expect(table.values[0] == 1 && table.values[1] == 2.5 && table.values[2...].allSatisfy(\.isNaN))
    }

    @Test func unwantedColumnsMayHoldAnything() throws {
        let table = try read("song_id,name,x,\"q\"\na,\"one, \"\"two\"\"\",3,z\nb,,4,\"\"\n") { $0 == "x" }
        #expect(table.columns == ["x"] && table.values == [3, 4] && table.ids == ["a", "b"])
    }

    @Test func everyBadCellIsNamed() {
        #expect(
            problem("song_id,x,y\na,1,two\nb,inf,1e999\n,1,2\na,0x10,1_0\n")
                == "line 2: song a: y is `two`, not a number; line 3: song b: x is `inf`, not a finite number; line 3: song b: y is `1e999`, not a finite number; line 4: the song_id is empty; line 5: song a is listed a second time (first in line 2); line 5: song a: x is `0x10`, a hexadecimal number; write it in decimal notation; line 5: song a: y is `1_0`, with a thousands separator; write 10"
        )
        #expect(
            problem("song_id,x,y\na,1,1e-400\n")
                == "line 2: song a: y is `1e-400`, too close to 0 for a 64-bit number; write 0")
        let many = "song_id,x\n" + (0..<30).map { "\($0),?\n" }.joined()
        #expect(
            problem(many)
                == "line 2: x uses words for missing values in all 30 rows, such as `?`; a missing value is an empty cell"
        )
        let twice = "song_id,x\n" + (0..<30).map { "\($0 % 2),1\n" }.joined()
        #expect(
            problem(twice).hasSuffix("line 13: song 1 is listed a second time (first in line 3); and 18 more")
        )
    }

    @Test(arguments: [
        ("", "line 1: the table is empty"), ("song_id,x,x\n", "the header has the column `x` twice"),
        ("song_id;x;y\n1;2;3\n", "the table has song_id;x;y"),
        ("1,2,3\n4,5,6\n", "the first line holds numbers"), ("id,x\n1,2\n", "there is no column `song_id`"),
        ("song_id\n1\n", "no column of numbers"), ("song_id,x,\n1,2,3\n", "column 3 has no name"),
        ("song_id,x\n1,2\n2\n", "line 3: song 2: 1 cell where the header has 2"),
        ("song_id,x\n1,2,3,4\n", "line 2: song 1: 4 cells where the header has 2"),
        (
            "song_id,x\n1\n2,x\n3,4,5\n",
            "header has 2; line 3: song 2: x is `x`, not a number; line 4: song 3: 3 cells where the header has 2"
        ),
        (
            "id,x,x,\n1,2,3,4\n",
            "there is no column `song_id`; the table has id, x, x, ; line 1: the header has the column `x` twice; line 1: column 4"
        ),
        ("x,y,song_id\n1,2\n", "line 2: 2 cells where the header has 3"),
        ("song_id,x\n1,\"2\n", "a quote is opened but never closed"),
    ])
    func otherTextsAreSentences(_ text: String, _ mention: String) {
        #expect(problem(text).contains(mention), "\(problem(text))")
    }

    @Test func millionsOfColumnsAreRefusedEarly() {
        let wide = "song_id," + String(repeating: "x,", count: 1_000_000)
        #expect(problem(wide).contains("the row has more than 100000 cells"))
    }

    @Test func placesAreThoseOfTheCells() {
        let error = #expect(throws: NumberTableError.self) { try read("song_id,x\na,1\na,2\n,3\nb,1,5\nc,x\n") }
        #expect(error?.faults.lines().shown.map(\.place) == ["3:1", "4:1", "5:5", "6:3"])
        let header = #expect(throws: NumberTableError.self) { try read("song_id,x,,x\n") }
        #expect(header?.faults.lines().shown.map(\.place) == ["1:11", "1:12"] && header?.isHeader == true)
    }

    @Test func songsMayBeCalledOtherwiseAndTheirIdsBeChecked() throws {
        let text = Array("x,id\n1,a\n2,b/c\n".utf8)
        #expect(try NumberTableReader.read(text, naming: "id").ids == ["a", "b/c"])
        #expect(try NumberTableReader.columns(text, naming: "id") == ["x"])
        let error = #expect(throws: NumberTableError.self) {
            try NumberTableReader.read(text, naming: "id", checking: { $0.contains("/") ? "`\($0)` has a slash" : nil })
        }
        #expect(error.map { "\($0)" } == "line 3: `b/c` has a slash")
    }
}
