/// Recognizes text that is not UTF-8 and says what to do about it. Nothing is converted: guessing an encoding would
/// turn one artist into another.
public enum TextEncoding {
    /// What is wrong with the encoding of a file, judged by its first 512 bytes, as the end of a sentence that starts
    /// with the name of the file; nil for nothing.
    public static func problem(_ bytes: some Sequence<UInt8>) -> String? {
        let start = Array(bytes.prefix(512))
        if start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF]) {
            return sentence("UTF-32")
        }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return sentence("UTF-16") }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            return
                "is a spreadsheet or zip file, not text; export it from the program that made it (in Excel: “CSV "
                + "UTF-8”)"
        }
        if start.starts(with: [0x1F, 0x8B]) { return "is compressed by gzip; unpack it first" }
        if isUTF16(start) { return sentence("UTF-16") }
        return nil
    }

    /// What is wrong with a piece of text that is not UTF-8, for a message that starts with its place.
    public static func problem(notUTF8 bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        guard let first = bytes.firstIndex(where: { $0 >= 0x80 }) else { return sentence("text") }
        // Windows-1252 has letters where Latin-1 has control characters; from 0xA0 on they are the same.
        guard bytes.allSatisfy({ $0 < 0x80 || $0 >= 0xA0 }) else {
            return "text that is not UTF-8, perhaps Windows-1252; save the file as UTF-8 (in Excel: “CSV UTF-8”)"
        }
        let latin = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        let hex = String(bytes[first], radix: 16, uppercase: true)
        return
            "text that is not UTF-8 (byte \(hex)); as Latin-1 it would read `\(Excerpt.text(latin))`. Save the file "
            + "as UTF-8 (in Excel: “CSV UTF-8”)"
    }

    private static func sentence(_ name: String) -> String {
        "is \(name) text; save it as UTF-8 (in Excel: “CSV UTF-8”)"
    }

    /// Text in a Latin script without a byte-order mark: every other byte is zero.
    private static func isUTF16(_ start: [UInt8]) -> Bool {
        guard start.count >= 8 else { return false }
        let even = stride(from: 0, to: start.count, by: 2).count { start[$0] == 0 }
        let odd = stride(from: 1, to: start.count, by: 2).count { start[$0] == 0 }
        let half = start.count / 2
        return even * 10 >= half * 9 && odd == 0 || odd * 10 >= half * 9 && even == 0
    }
}
