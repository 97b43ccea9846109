/// Values that only commands may see: passwords, tokens, API keys. Commands receive them unchanged; everything that is
/// shown or stored has `***` in their place. The name of a parameter tells whether its value is secret.
public struct Secrets: Sendable, Equatable {
    /// Replaces a secret.
    public static let mask = "***"
    /// Minimum length in bytes. Anything shorter occurs in many texts by chance; it is masked only as the value of its
    /// own parameter.
    private static let shortest = 4
    /// Minimum number of digits of a plain number: counts and years are everywhere.
    private static let fewestDigits = 8
    /// Common values that are not secrets.
    private static let placeholders: Set<String> = [
        "none", "null", "test", "changeme", "dummy", "demo", "true", "false",
    ]
    /// Minimum length in bytes of a line of a multi-line secret: `{` or `end` is not secret by itself.
    private static let shortestLine = 8

    /// Each spelling as bytes.
    private var texts: Set<[UInt8]> = []
    /// Longest first: one secret may be the beginning of another.
    private var ordered: [[UInt8]] = []

    /// No secrets.
    public init() {}

    /// Whether no parameter has the name of a secret.
    public private(set) var isEmpty = true

    /// Adds the value of a parameter with a secret name, and every part of a list or mapping, in the spellings that may
    /// occur in a command line and its log: as it is, as `${name:q}` and JSON write it, and line by line.
    /// - Parameter written: its spelling in the pipeline file, if different: `3.10`.
    public mutating func add(_ value: Value, written: String? = nil) {
        switch value {
        case .null, .bool: return
        case .list(let values): for value in values { add(value) }
        case .map(let entries): for value in entries.values { add(value) }
        case .int, .double, .string:
            isEmpty = false
            for text in [value.text, written].compactMap({ $0 }) where Self.isTelling(text) {
                let lines = text.split(whereSeparator: \.isNewline).map(String.init).filter {
                    $0.utf8.count >= Self.shortestLine && Self.isTelling($0)
                }
                for spelling in ([text] + lines).flatMap(Self.spellings) where texts.insert(spelling).inserted {
                    ordered.append(spelling)
                }
            }
            ordered.sort { $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count }
        }
    }

    /// Takes note of a parameter with a secret name whose value is not secret, such as a default in a file: it is
    /// masked only as the value of that parameter.
    public mutating func addPlaceholder() { isEmpty = false }

    /// Whether a text is masked wherever it occurs.
    static func isTelling(_ text: String) -> Bool {
        !text.isEmpty && !isTooShort(text) && !placeholders.contains(text.lowercased())
    }

    /// Whether a secret would occur in other texts by chance: it is shorter than four bytes, or a plain number with
    /// fewer than eight digits.
    public static func isTooShort(_ text: String) -> Bool {
        if text.utf8.count < shortest { return !text.isEmpty }
        return text.utf8.count { (0x30...0x39).contains($0) } < fewestDigits && NumberCell.present(text) != nil
    }

    /// A text as it is, in single quotes of a shell, in a JSON string, and quoted for a shell in a JSON string.
    private static func spellings(of text: String) -> [[UInt8]] {
        [text, ShellText.insideQuotes(text)].flatMap {
            [Array($0.utf8), Array(JSON.text(.string($0)).utf8.dropFirst().dropLast())]
        }
    }

    /// Whether a parameter of this name holds a secret: `password`, `hf_token`, `db.secret`, `apiKey`; not `tokens` or
    /// `token_dim`, which count words.
    public static func isSecret(_ name: String) -> Bool {
        let words = words(of: name)
        if words.contains(where: { always.contains($0) }) || words.last == "token" { return true }
        return zip(words, words.dropFirst()).contains {
            $1 == "key" && ["api", "access", "private", "secret"].contains($0)
        }
    }

    private static let always: Set<String> = [
        "password", "passwd", "passphrase", "secret", "secrets", "credential", "credentials", "apikey", "accesskey",
        "privatekey",
    ]

    /// `hf_apiKey` as `hf`, `api`, `key`.
    private static func words(of name: String) -> [String] {
        var words: [String] = [], word = "", wasLower = false
        for scalar in name.unicodeScalars {
            let isUpper = (0x41...0x5A).contains(scalar.value), isLower = (0x61...0x7A).contains(scalar.value)
            if !isUpper && !isLower || isUpper && wasLower {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if isUpper || isLower { word += scalar.properties.lowercaseMapping }
            wasLower = isLower
        }
        return word.isEmpty ? words : words + [word]
    }

    // MARK: Masking

    /// The text with `***` in place of each secret.
    public func masked(_ text: String) -> String {
        guard !ordered.isEmpty else { return text }
        var bytes = Array(text.utf8)
        for wanted in ordered {
            var place = 0
            while place + wanted.count <= bytes.count {
                if bytes[place] == wanted[0], bytes[place..<place + wanted.count].elementsEqual(wanted) {
                    bytes.replaceSubrange(place..<place + wanted.count, with: Self.mask.utf8)
                    place += Self.mask.utf8.count
                } else {
                    place += 1
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value with `***` in place of each secret; a secret number becomes text.
    public func masked(_ value: Value) -> Value {
        guard !ordered.isEmpty else { return value }
        switch value {
        case .null, .bool: return value
        case .int, .double: return texts.contains(Array(value.text.utf8)) ? .string(Self.mask) : value
        case .string(let text): return .string(masked(text))
        case .list(let values): return .list(values.map { masked($0) })
        case .map(let entries): return .map(entries.mapValues { masked($0) })
        }
    }

    /// The value of a parameter: `***` if its name is that of a secret.
    public func masked(_ value: Value, of name: String) -> Value {
        guard Self.isSecret(name) else {
            guard let map = value.map else { return masked(value) }
            return .map(
                Dictionary(map.map { ($0.key, masked($0.value, of: $0.key)) }, uniquingKeysWith: { first, _ in first }))
        }
        return value == .null ? value : .string(Self.mask)
    }

    /// The values of parameters by name.
    public func masked(_ values: [String: Value]) -> [String: Value] {
        Dictionary(values.map { ($0.key, masked($0.value, of: $0.key)) }, uniquingKeysWith: { first, _ in first })
    }

    /// `token=***` for `token=abc`; other arguments stay.
    public static func masked(argument: String) -> String {
        guard let equals = argument.firstIndex(of: "="), isSecret(String(argument[..<equals])) else { return argument }
        return argument[...equals] + mask
    }

    /// A command line with secrets masked, after `--set`, in `--set=name=value`, and wherever else they occur.
    public func masked(arguments: [String]) -> [String] {
        var isValue = false
        return arguments.map { argument in
            defer { isValue = ["--set", "--matrix", "--tag"].contains(argument) }
            if isValue { return masked(Self.masked(argument: argument)) }
            for option in ["--set=", "--matrix=", "--tag="] where argument.hasPrefix(option) {
                return option + masked(Self.masked(argument: String(argument.dropFirst(option.count))))
            }
            return masked(argument)
        }
    }
}
