/// Swift source taken apart into code, comments and string literals. All have the same length and lines as the source;
/// what does not belong is blank. Works for C too, as far as these tests look.
struct SwiftText {
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]
    private(set) var strings: [UInt8]
    private let bytes: [UInt8]
    private var position = 0

    var codeLines: [String] { Self.lines(code) }
    var commentLines: [String] { Self.lines(comments) }
    var stringLines: [String] { Self.lines(strings) }

    init(_ text: String) {
        bytes = Array(text.utf8)
        let blank = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        (code, comments, strings) = (blank, blank, blank)
        readCode(untilBracket: false)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func starts(_ text: String) -> Bool {
        var index = position
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private enum Kind { case code, comments, strings }

    private mutating func take(_ count: Int, into kind: Kind) {
        for _ in 0..<count where position < bytes.count {
            switch kind {
            case .code: code[position] = bytes[position]
            case .comments: comments[position] = bytes[position]
            case .strings: strings[position] = bytes[position]
            }
            position += 1
        }
    }

    /// - parameter untilBracket: stops behind the `)` that ends an interpolation.
    private mutating func readCode(untilBracket: Bool) {
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "/") where starts("//"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { take(1, into: .comments) }
            case UInt8(ascii: "/") where starts("/*"): readComment()
            case UInt8(ascii: "\""): readString()
            case UInt8(ascii: "#") where rawStringHashes() > 0: readString()
            case UInt8(ascii: "("):
                depth += 1
                take(1, into: .code)
            case UInt8(ascii: ")"):
                depth -= 1
                if untilBracket && depth < 0 { return take(1, into: .strings) }
                take(1, into: .code)
            default: take(1, into: .code)
            }
        }
    }

    private mutating func readComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                take(2, into: .comments)
            } else if starts("*/") {
                depth -= 1
                take(2, into: .comments)
            } else {
                take(1, into: .comments)
            }
        } while depth > 0 && position < bytes.count
    }

    /// The number of `#` before a quote, 0 where these are not the hashes of a raw string.
    private func rawStringHashes() -> Int {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let next = position + hashes
        return next < bytes.count && bytes[next] == UInt8(ascii: "\"") ? hashes : 0
    }

    private mutating func readString() {
        let hashes = String(repeating: "#", count: rawStringHashes())
        take(hashes.utf8.count, into: .strings)
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        take(quote.utf8.count, into: .strings)
        while position < bytes.count {
            if starts(quote + hashes) { return take(quote.utf8.count + hashes.utf8.count, into: .strings) }
            if quote == "\"" && starts("\n") { return }
            if starts("\\" + hashes + "(") {
                take(2 + hashes.utf8.count, into: .strings)
                readCode(untilBracket: true)
            } else if starts("\\" + hashes) {
                take(2 + hashes.utf8.count, into: .strings)
            } else {
                take(1, into: .strings)
            }
        }
    }
}
