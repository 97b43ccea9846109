import ArgumentParser

/// Tags on the command line: `key=value`. They are checked before anything runs, because the history rejects a tag
/// without a name and a finished run must not be lost from it.
enum TagPairs {
    /// - Parameter option: the option for the message, such as `--tag`; empty for arguments.
    /// - Returns: the tags; if a key repeats, the last value counts.
    /// - Throws: exit code 64 for a text that is not `key=value`, or whose key is empty.
    static func parse(_ texts: [String], option: String = "") throws -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let said = option.isEmpty ? "`\(text)`" : "\(option) \(text)"
            guard let sign = text.firstIndex(of: "=") else { throw ValidationError("\(said): write it as key=value.") }
            let key = text[..<sign]
            guard !key.allSatisfy(\.isWhitespace) else {
                throw ValidationError("\(said): the key before `=` is empty; write it as key=value.")
            }
            pairs[String(key)] = String(text[text.index(after: sign)...])
        }
        return pairs
    }
}
