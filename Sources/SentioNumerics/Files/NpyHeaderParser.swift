/// Parses the header of a `.npy` file: a Python dictionary literal with the keys 'descr', 'fortran_order' and 'shape'
/// in any order. Other Python syntax is not supported.
struct NpyHeaderParser {
    struct Header {
        var type = ""
        var fortranOrder = false
        var shape: [Int] = []
    }
    let bytes: [UInt8]
    /// Offset of the header in the file, for messages.
    let base: Int
    private var at = 0

    init(bytes: [UInt8], base: Int) {
        self.bytes = bytes
        self.base = base
    }

    mutating func parse() throws -> Header {
        var header = Header()
        var seen: Set<String> = []
        try expect("{")
        while !accept("}") {
            let key = try string()
            guard seen.insert(key).inserted else { throw bad("the key '\(key)' occurs twice") }
            try expect(":")
            switch key {
            case "descr": header.type = try string()
            case "fortran_order": header.fortranOrder = try boolean()
            case "shape": header.shape = try tuple()
            default: throw bad("the key '\(key)' is not one of 'descr', 'fortran_order' and 'shape'")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        guard seen.count == 3 else { throw bad("one of 'descr', 'fortran_order' and 'shape' is missing") }
        skipSpace()
        guard at == bytes.count else { throw bad("there is text after the dictionary") }
        return header
    }

    private func bad(_ reason: String) -> NpyError { .badHeader(reason: reason, offset: base + at) }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func accept(_ character: Character) -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == character.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ character: Character) throws {
        guard accept(character) else { throw bad("'\(character)' is expected") }
    }

    private mutating func string() throws -> String {
        skipSpace()
        guard at < bytes.count, bytes[at] == 0x27 || bytes[at] == 0x22 else { throw bad("a quoted string is expected") }
        let quote = bytes[at]
        guard let end = bytes[(at + 1)...].firstIndex(of: quote), end - at <= 64 else {
            throw bad("a quoted string does not end within 64 bytes")
        }
        defer { at = end + 1 }
        return String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    }

    private mutating func boolean() throws -> Bool {
        skipSpace()
        for (word, value) in [("True", true), ("False", false)] where bytes[at...].starts(with: word.utf8) {
            at += word.utf8.count
            return value
        }
        throw bad("True or False is expected")
    }

    private mutating func tuple() throws -> [Int] {
        try expect("(")
        var shape: [Int] = []
        while !accept(")") {
            guard shape.count < 64 else { throw bad("the shape has more than 64 axes") }
            shape.append(try integer())
            if !accept(",") {
                try expect(")")
                break
            }
        }
        return shape
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        var value = 0
        let start = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.addingReportingOverflow(Int(bytes[at] - 0x30))
            if overflow || carry { throw bad("a number in the shape is too large") }
            value = next
            at += 1
        }
        guard at > start else { throw bad("a number is expected") }
        return value
    }
}
