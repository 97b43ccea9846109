import Foundation

/// What a process said and how it ended.
struct CommandResult: CustomStringConvertible {
    /// The exit code; the signal's number where `wasKilled`.
    let exitCode: Int32
    let wasKilled: Bool
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// Standard output as one document of JSON.
    var json: JSONValue { get throws { try JSONValue(output) } }
    /// Standard output as one document of JSON a line.
    var events: [JSONValue] { get throws { try lines.map { try JSONValue($0) } } }
    /// The last line of `run --json`.
    var finished: JSONValue { get throws { try JSONValue(lines.last ?? "") } }

    /// `songs executed, waves cached`, from the last line of `run --json`.
    var states: String {
        get throws {
            try finished["stages"].list.map { "\($0["name"].text) \($0["state"].text)" }.joined(separator: ", ")
        }
    }

    var description: String {
        "exit code \(exitCode)\(wasKilled ? " (signal)" : "")\nstdout:\n\(output)\nstderr:\n\(errors)"
    }
}

/// JSON as Foundation reads it: a second opinion on what the binary writes.
struct JSONValue {
    let raw: Any?

    init(_ text: String) throws {
        raw = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
    }
    private init(raw: Any?) { self.raw = raw }

    subscript(key: String) -> JSONValue { JSONValue(raw: (raw as? [String: Any])?[key]) }
    subscript(index: Int) -> JSONValue { JSONValue(raw: list.indices.contains(index) ? list[index].raw : nil) }
    /// The entry of a list whose `name` is this.
    subscript(named name: String) -> JSONValue { list.first { $0["name"].text == name } ?? JSONValue(raw: nil) }

    var isMissing: Bool { raw == nil }
    var isNull: Bool { raw is NSNull }
    var keys: Set<String> { Set((raw as? [String: Any])?.keys.map { $0 } ?? []) }
    var list: [JSONValue] { (raw as? [Any])?.map { JSONValue(raw: $0) } ?? [] }
    var text: String { raw as? String ?? "" }
    var number: Double? { (raw as? NSNumber)?.doubleValue }
    var int: Int? { (raw as? NSNumber)?.intValue }
    var bool: Bool? { raw as? Bool }
}
