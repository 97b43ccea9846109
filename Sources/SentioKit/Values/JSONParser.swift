/// Why a text is not valid JSON, and at which byte.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as the end of a sentence.
    public let problem: String
    /// Offset from 0.
    public let byte: Int
    public var description: String { "Invalid JSON at byte \(byte): \(problem)." }
}

extension JSON {
    /// Parses one JSON document. At most 128 levels may be nested; a byte-order mark is skipped; if an object repeats a
    /// key, the last value counts.
    /// - Parameter allowingNonFinite: whether to accept `NaN`, `Infinity` and `-Infinity`, which Python writes.
    /// - Throws: `JSONError` with the byte at which parsing stopped.
    public static func parse(_ bytes: [UInt8], allowingNonFinite: Bool = false) throws(JSONError) -> Value {
        try document(bytes, allowingNonFinite: allowingNonFinite).value
    }

    /// Like `parse`, and returns the keys that an object repeats, for files in which that is a mistake.
    /// - Throws: as `parse`.
    public static func document(
        _ bytes: [UInt8], allowingNonFinite: Bool = false
    ) throws(JSONError) -> (value: Value, repeatedKeys: [String]) {
        var repeated: [String] = []
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONError) in
                var parser = JSONParser(bytes: buffer, allowsNonFinite: allowingNonFinite)
                if buffer.count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { parser.position = 3 }
                let value = try parser.value(depth: 0)
                parser.skipSpace()
                guard parser.position == buffer.count else { throw parser.error("text after the end of the document") }
                repeated = parser.repeatedKeys
                return value
            }
        }
        do { return (try result.get(), repeated) } catch {
            if let problem = TextEncoding.problem(bytes) { throw JSONError(problem: "the file \(problem)", byte: 0) }
            throw error
        }
    }

    /// Parses one JSON document.
    /// - Throws: `JSONError`.
    public static func parse(_ text: String) throws(JSONError) -> Value { try parse(Array(text.utf8)) }
}

private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let allowsNonFinite: Bool
    var position = 0
    /// Keys that had occurred in their object before.
    private(set) var repeatedKeys: [String] = []

    init(bytes: UnsafeBufferPointer<UInt8>, allowsNonFinite: Bool) {
        self.bytes = bytes
        self.allowsNonFinite = allowsNonFinite
    }

    func error(_ problem: String) -> JSONError { JSONError(problem: problem, byte: position) }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func value(depth: Int) throws(JSONError) -> Value {
        guard depth < 128 else { throw error("more than 128 levels of nesting") }
        skipSpace()
        guard position < bytes.count else { throw error("the document ends unexpectedly") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try map(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N") where allowsNonFinite: return try word("NaN", .double(.nan))
        case UInt8(ascii: "I") where allowsNonFinite: return try word("Infinity", .double(.infinity))
        case UInt8(ascii: "-") where allowsNonFinite && bytes[position...].starts(with: "-I".utf8):
            return try word("-Infinity", .double(-.infinity))
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: Value) throws(JSONError) -> Value {
        guard bytes[position...].starts(with: word.utf8) else {
            throw error("unknown word; expected true, false or null")
        }
        position += word.utf8.count
        return value
    }

    private mutating func list(depth: Int) throws(JSONError) -> Value {
        position += 1
        var values: [Value] = []
        if try ends(UInt8(ascii: "]")) { return .list(values) }
        while true {
            values.append(try value(depth: depth + 1))
            if try separator(close: UInt8(ascii: "]")) { return .list(values) }
        }
    }

    private mutating func map(depth: Int) throws(JSONError) -> Value {
        position += 1
        var entries: [String: Value] = [:]
        if try ends(UInt8(ascii: "}")) { return .map(entries) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected a key in quotes")
            }
            let key = try string()
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
                throw error("expected a colon")
            }
            position += 1
            let entry = try value(depth: depth + 1)
            if entries.updateValue(entry, forKey: key) != nil { repeatedKeys.append(key) }
            if try separator(close: UInt8(ascii: "}")) { return .map(entries) }
        }
    }

    private mutating func ends(_ close: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw error("the document ends unexpectedly") }
        guard bytes[position] == close else { return false }
        position += 1
        return true
    }

    private mutating func separator(close: UInt8) throws(JSONError) -> Bool {
        if try ends(close) { return true }
        guard bytes[position] == UInt8(ascii: ",") else { throw error("expected a comma") }
        position += 1
        return false
    }

    private mutating func number() throws(JSONError) -> Value {
        let start = position
        var isInteger = true
        while position < bytes.count {
            switch bytes[position] {
            case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isInteger = false
            default:
                return try number(from: start, isInteger: isInteger)
            }
            position += 1
        }
        return try number(from: start, isInteger: isInteger)
    }

    private func number(from start: Int, isInteger: Bool) throws(JSONError) -> Value {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let number = Int(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(problem: "not a valid number", byte: start)
        }
        return .double(number)
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            position += 1
        }
        // Most strings have no escapes and need no copy.
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
            position += 1
            guard let text = String(validating: text, as: UTF8.self) else { throw error("text that is not UTF-8") }
            return text
        }
        var out = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard let text = String(validating: out, as: UTF8.self) else { throw error("text that is not UTF-8") }
                return text
            }
            if byte == UInt8(ascii: "\\") { try escape(into: &out) } else { out.append(byte) }
        }
        throw error("a string has no closing quote")
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw error("the document ends unexpectedly") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "u"): try unicode(into: &out)
        default: throw error("unknown escape sequence")
        }
    }

    private mutating func unicode(into out: inout [UInt8]) throws(JSONError) {
        var code = try hex4()
        if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let low = try hex4()
            guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
        out.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    private mutating func hex4() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits") }
        position += 4
        return code
    }
}
