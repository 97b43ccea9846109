/// A place in a text file. Lines and columns count from 1.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// Path as shown in messages.
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// In characters, counted from 1.
    public let column: Int

    /// A place; it does not have to exist.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `phase4.yaml:14`.
    public var fileAndLine: String { "\(file):\(line)" }
    /// `phase4.yaml:14:3`.
    public var text: String { "\(file):\(line):\(column)" }

    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// One fault in what the user wrote: a sentence and, if known, its place.
public struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong and what to write instead.
    public let sentence: String
    /// nil if the fault is not in a file.
    public let location: SourceLocation?
    /// The line of the file, printed above the caret.
    public let excerpt: String?

    /// Without an excerpt, no caret is shown.
    public init(_ sentence: String, at location: SourceLocation? = nil, excerpt: String? = nil) {
        self.sentence = sentence
        self.location = location
        self.excerpt = excerpt
    }

    /// `FILE:LINE:COLUMN: error: SENTENCE`, then the line and a caret below the place.
    public var description: String {
        guard let location else { return "error: \(sentence)" }
        let head = "\(location.text): error: \(sentence)"
        guard let excerpt else { return head }
        let before = excerpt.prefix(max(0, location.column - 1)).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(head)\n  \(excerpt)\n  \(before)^"
    }

    /// `{"message", "file", "line", "column"}`.
    public var value: Value {
        [
            "message": .string(sentence), "file": location.map { .string($0.file) } ?? .null,
            "line": location.map { .int($0.line) } ?? .null, "column": location.map { .int($0.column) } ?? .null,
        ]
    }
}
