import Yams

/// A key that stands in one mapping twice.
struct RepeatedKey {
    let name: String
    let line: Int
    let column: Int
}

extension YAMLReader {
    /// After so many, the rest of the file is for the next round.
    static let maximumRepeatedKeys = 20

    /// Parses the text although keys stand in it twice, so that all else that is wrong with the file is found too. The
    /// parser stops at such a key: the first of the two is renamed, and taken out again by `convert`.
    /// - throws: `YamlError`.
    static func compose(_ text: String) throws -> (root: Node?, repeated: [RepeatedKey]) {
        var text = text, repeated: [RepeatedKey] = []
        while true {
            do {
                // Without Yams' rules of YAML 1.1: scalars are typed by `YAMLScalar`, and its regular expressions cost
                // a quarter of the time that reading a long file takes.
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

    /// The text with the key's first letter replaced by a character that no key has; nil where a tag, an anchor or
    /// nothing stands in its place.
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
