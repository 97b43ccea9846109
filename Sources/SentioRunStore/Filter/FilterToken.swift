/// A token of a filter, and its position.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        /// Letters, digits and `_ . - @ / : % * +`. A part after a dot may be quoted: `metrics."a b"`.
        case word
        /// Quoted text.
        case quoted
        /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `(`, `)`, `,`.
        case mark
        case end
    }

    var kind: Kind
    /// The text without quotes; `==` is stored as `=`, `<>` as `!=`.
    var text: String
    var offset: Int
    var length: Int

    /// Upper limit in characters; nobody writes longer filters.
    static let maximumLength = 10_000

    /// - Throws: `RunFilterError` for an unexpected character or an unterminated quote.
    static func all(in text: String) throws(RunFilterError) -> [FilterToken] {
        let characters = Array(text)
        guard characters.count <= maximumLength else {
            throw RunFilterError(
                text: text, offset: maximumLength, length: 1,
                sentence: "The filter is longer than \(maximumLength) characters.")
        }
        var tokens: [FilterToken] = [], index = 0
        while index < characters.count {
            let character = characters[index], start = index
            if character.isWhitespace {
                index += 1
            } else if isWord(character) {
                var word = ""
                while index < characters.count {
                    if isWord(characters[index]) {
                        word.append(characters[index])
                        index += 1
                    } else if word.last == ".", isQuote(characters[index]) {
                        word += try quoted(characters, &index, text)
                    } else {
                        break
                    }
                }
                tokens.append(FilterToken(kind: .word, text: word, offset: start, length: index - start))
            } else if isQuote(character) {
                let content = try quoted(characters, &index, text)
                tokens.append(FilterToken(kind: .quoted, text: content, offset: start, length: index - start))
            } else if let mark = mark(characters, index) {
                index += mark.length
                tokens.append(FilterToken(kind: .mark, text: mark.text, offset: start, length: mark.length))
            } else {
                throw RunFilterError(
                    text: text, offset: index, length: 1,
                    sentence: "Unexpected `\(character)`; quote names and texts that contain it.")
            }
        }
        tokens.append(FilterToken(kind: .end, text: "", offset: characters.count, length: 1))
        return tokens
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_.-@/:%*+".contains(character)
    }

    private static func isQuote(_ character: Character) -> Bool { "'\"`".contains(character) }

    /// Reads quoted text; a doubled quote stands for the quote itself.
    private static func quoted(_ characters: [Character], _ index: inout Int, _ text: String) throws(RunFilterError)
        -> String
    {
        let quote = characters[index], start = index
        var content = ""
        index += 1
        while index < characters.count {
            let character = characters[index]
            index += 1
            if character != quote {
                content.append(character)
            } else if index < characters.count, characters[index] == quote {
                content.append(quote)
                index += 1
            } else {
                return content
            }
        }
        throw RunFilterError(text: text, offset: start, length: 1, sentence: "The quote \(quote) is never closed.")
    }

    private static func mark(_ characters: [Character], _ index: Int) -> (text: String, length: Int)? {
        let pair = String(characters[index..<min(index + 2, characters.count)])
        switch pair {
        case "==": return ("=", 2)
        case "<>": return ("!=", 2)
        case "!=", "<=", ">=": return (pair, 2)
        default: return "=<>(),".contains(characters[index]) ? (String(characters[index]), 1) : nil
        }
    }
}
