import SentioKit
import SentioNN

/// What is wrong with the files of a stored model.
struct ModelFault: Error, Equatable {
    /// The end of a sentence that begins with the model: `its weights.safetensors is not there`.
    let problem: String
    init(_ problem: String) { self.problem = problem }
}

/// A section of a stored model's `config.json`. Models come from strangers: every value is read with its type and its
/// range, and what does not hold is named with its place in the file.
struct ModelConfig {
    /// Ranges that several kinds of networks share.
    static let bands = 1...65_536, frames = 1...1_000_000, outputs = 1...1000
    /// Bytes of the largest file that is parsed.
    private static let largest = 4 << 20
    /// Elements of the longest list.
    private static let longest = 10_000

    /// The way to the section: `architecture`; empty for the whole file.
    private let place: String
    /// By name.
    let entries: [String: Value]

    /// - throws: `ModelFault` for bytes that are not a JSON object.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count <= Self.largest else {
            throw ModelFault("its config.json has \(bytes.count) bytes, more than the \(Self.largest) allowed")
        }
        let value: Value
        do throws(JSONError) { value = try JSON.parse(bytes) } catch {
            throw ModelFault("its config.json is not valid JSON: \(error.problem) at byte \(error.byte)")
        }
        guard let entries = value.map else { throw ModelFault("its config.json is not a JSON object") }
        self.init(entries: entries, at: "")
    }

    private init(entries: [String: Value], at place: String) {
        self.entries = entries
        self.place = place
    }

    // MARK: Values

    /// - throws: `ModelFault` for a file of a later version than is known.
    func requireVersion(_ known: Int) throws {
        let version = try int("version", in: 1...Int.max)
        guard version <= known else {
            throw ModelFault(
                "its config.json has version \(version) and this Sentio reads versions up to \(known); update Sentio")
        }
    }

    func section(_ name: String) throws -> ModelConfig {
        guard let entries = try value(name).map else { throw fault(name, needs: "a mapping") }
        return ModelConfig(entries: entries, at: path(name))
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = try value(name).int, range.contains(number) else {
            throw fault(name, needs: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws -> Double {
        guard let number = try value(name).double, range.contains(number) else {
            throw fault(name, needs: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool {
        guard let flag = try value(name).bool else { throw fault(name, needs: "true or false") }
        return flag
    }

    func text(_ name: String) throws -> String {
        guard let text = try value(name).string else { throw fault(name, needs: "text") }
        return text
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(name)) else {
            throw fault(name, needs: "one of " + Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
        }
        return choice
    }

    /// A dropout rate, written as the shortest decimal of a single.
    func rate(_ name: String) throws -> Float { Float(try number(name, in: Self.rates)) }

    private static let rates = 0...0.99

    // MARK: Lists

    func ints(_ name: String, in range: ClosedRange<Int>) throws -> [Int] {
        try list(name, of: "whole numbers from \(range.lowerBound) to \(range.upperBound)") {
            $0.int.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func numbers(_ name: String, in range: ClosedRange<Double>) throws -> [Double] {
        try list(name, of: "numbers from \(range.lowerBound) to \(range.upperBound)") {
            $0.double.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Dropout rates.
    func rates(_ name: String) throws -> [Float] {
        try list(name, of: "numbers from 0 to \(Self.rates.upperBound)") {
            $0.double.flatMap { Self.rates.contains($0) ? Float($0) : nil }
        }
    }

    /// Pairs [height, width].
    func extents(_ name: String, in range: ClosedRange<Int>) throws -> [Extent] {
        try list(name, of: "pairs of whole numbers from \(range.lowerBound) to \(range.upperBound)") { value in
            let pair = value.list?.compactMap(\.int) ?? []
            guard pair.count == 2, value.list?.count == 2, pair.allSatisfy(range.contains) else { return nil }
            return Extent(pair[0], pair[1])
        }
    }

    /// Names, all different, of 1 to 200 characters without control characters.
    func names(_ name: String) throws -> [String] {
        let names = try list(name, of: "names") { value in
            value.string.flatMap { text in
                let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
                return isPlain && (1...200).contains(text.count) ? text : nil
            }
        }
        guard Set(names).count == names.count else { throw fault(name, needs: "a list of different names") }
        return names
    }

    private func list<Element>(_ name: String, of kind: String, _ read: (Value) -> Element?) throws -> [Element] {
        guard let values = try value(name).list, values.count <= Self.longest else {
            throw fault(name, needs: "a list of \(kind), at most \(Self.longest)")
        }
        let elements = values.compactMap(read)
        guard elements.count == values.count else { throw fault(name, needs: "a list of \(kind)") }
        return elements
    }

    // MARK: Faults

    private func value(_ name: String) throws -> Value {
        guard let value = entries[name] else { throw ModelFault("`\(path(name))` is missing from its config.json") }
        return value
    }

    private func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// The fault of a value that is there.
    /// - parameter needed: what it should be.
    func fault(_ name: String, needs needed: String) -> ModelFault {
        let found = entries[name].map { Excerpt.text($0.text) } ?? "missing"
        return ModelFault("`\(path(name))` in its config.json is \(found), not \(needed)")
    }
}
