import SentioKit
import Testing

@Suite struct NumberCellTests {
    @Test(arguments: [
        ("12", 12.0), ("-0.5", -0.5), (" 1e-3 ", 0.001), ("+4", 4), ("7.", 7), (".5", 0.5), ("1E5", 100_000),
        ("0e-400", 0), ("-0.000", 0), ("0.00e99", 0), ("1e-320", 2024 * Double.leastNonzeroMagnitude),
    ])
    func decimalNumbersAreRead(text: String, number: Double) { #expect(NumberCell.read(text) == number) }

    @Test(arguments: ["", " ", "nan", "NaN", "NAN"])
    func whatIsMissingIsNotANumber(text: String) {
        #expect(NumberCell.read(text)?.isNaN == true)
        #expect(NumberCell.present(text) == nil)
    }

    @Test(arguments: [
        ("five", "`five`, not a number"),
        ("1\0.5", "`1\\0.5`, which holds a NUL byte (`\\0`); the file is damaged, so copy or export it again"),
        ("8.\u{7}5", "`8.\\u{7}5`, which holds a control character"),
        ("0x1p3", "`0x1p3`, a hexadecimal number; write it in decimal notation"),
        ("inf", "`inf`, not a finite number"), ("-Infinity", "`-Infinity`, not a finite number"),
        ("1e999", "`1e999`, not a finite number"),
        ("1e-400", "`1e-400`, too close to 0 for a 64-bit number; write 0"),
        ("-0.001E-322", "`-0.001E-322`, too close to 0 for a 64-bit number; write 0"),
        ("3,5", "`3,5`, with a decimal comma; write 3.5"), ("-0,25", "`-0,25`, with a decimal comma; write -0.25"),
        ("1,234", "`1,234`, with a comma, a decimal comma or a thousands separator; write 1.234 or 1234"),
        ("1,234.5", "`1,234.5`, with a thousands separator; write 1234.5"),
        ("1'234", "`1'234`, with a thousands separator; write 1234"),
        ("1 234", "`1 234`, with a space in it; write 1234"),
        ("1_000", "`1_000`, with a thousands separator; write 1000"),
        ("1.234,5", "`1.234,5`, with a decimal comma and thousands separators; write 1234.5"),
        ("1.234.567", "`1.234.567`, with a thousands separator; write 1234567"),
        ("\u{2212}5", "`\u{2212}5`, with a sign that is not the minus sign `-`; write -5"),
        ("5.0kg", "`5.0kg`, not a number: `kg` follows 5.0"), ("5 of 9", "`5 of 9`, not a number"),
        ("NaN", "`NaN`, not a number"),
        ("--5", "`--5`, not a number"), ("1e", "`1e`, not a number: `e` follows 1"), ("NA", "`NA`, not a number"),
    ])
    func everythingElseIsRefusedWithItsCause(text: String, sentence: String) {
        #expect(NumberCell.present(text) == nil)
        #expect(
            NumberCell.fault(text) == sentence || NumberCell.fault(text).hasPrefix(sentence + ":"),
            "\(NumberCell.fault(text))")
    }

    @Test func wordsForAMissingValueAreNamedWhereOneMayBeMissing() {
        #expect(NumberCell.fault("N/A", canBeMissing: true) == "`N/A`, not a number; a missing value is an empty cell")
    }

    @Test func excerptsAreShortAndHarmless() {
        #expect(Excerpt.text("a\0b\tc\u{1B}[31m") == "a\\0b\\tc\\u{1B}[31m")
        #expect(Excerpt.text(String(repeating: "é", count: 41)) == String(repeating: "é", count: 40) + "…")
    }
}
