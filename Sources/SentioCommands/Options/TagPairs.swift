import ArgumentParser

/// Tags as the command line has them: `key=value`. Checked before anything runs: the history refuses a tag without a
/// name, and a run that has finished must not lose its place there.
enum TagPairs {
    /// - parameter option: as it was written, for the message: `--tag`, or nothing for arguments.
    /// - returns: of one key the last.
    /// - throws: exit code 64 for what is no `key=value`, or has an empty key.
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
