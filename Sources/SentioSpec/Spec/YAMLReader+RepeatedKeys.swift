import Yams

/// A key that occurs twice in a mapping.
struct RepeatedKey {
    let name: String
    let line: Int
    let column: Int
}

extension YAMLReader {
    /// Limit on the repeated keys that are reported at once.
    static let maximumRepeatedKeys = 20

    /// Parses the text even if mappings repeat keys, so that the other faults of the file are found too. The parser
    /// stops at a repeated key, so the first of the two is renamed; `convert` drops it again.
    /// - Throws: `YamlError`.
    static func compose(_ text: String) throws -> (root: Node?, repeated: [RepeatedKey]) {
        var text = text, repeated: [RepeatedKey] = []
        while true {
            do {
                // Without Yams' rules for YAML 1.1: `YAMLScalar` types the scalars, and the regular expressions of Yams
                // would take a quarter of the time to read a long file.
                return (try Yams.compose(yaml: text, .basic), repeated)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context)
                where repeated.count < maximumRepeatedKeys
            {
                let key = RepeatedKey(
                    name: duplicates.first ?? "", line: context.mark.line, column: context.mark.column)
                guard let renamed = renaming(key, number: repeated.count, in: text) else {
                    throw YamlError.duplicatedKeysInMapping(duplicates: duplicates, context: context)
                }
                text = renamed
                repeated.append(key)
            }
        }
    }

    /// The text with the first letter of the key replaced by a private-use character; nil if there is a tag, an anchor
    /// or nothing in its place.
    private static func renaming(_ key: RepeatedKey, number: Int, in text: String) -> String? {
        guard let mark = Unicode.Scalar(0xE000 + number) else { return nil }
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.indices.contains(key.line - 1) else { return nil }
        var scalars = Array(lines[key.line - 1].unicodeScalars), place = key.column - 1
        guard scalars.indices.contains(place), !"&!*?".unicodeScalars.contains(scalars[place]) else { return nil }
        if scalars[place] == "\"" || scalars[place] == "'" {
            let quote = scalars[place]
            place += 1
            guard scalars.indices.contains(place), scalars[place] != quote, scalars[place] != "\\" else { return nil }
        }
        scalars[place] = mark
        lines[key.line - 1] = String(String.UnicodeScalarView(scalars))
        return lines.joined(separator: "\n")
    }
}
