/// Values that commands need and that nobody else should see: passwords, tokens, keys of services. They reach commands
/// as they are; whatever is shown or stored has `***` in their place. They are known by the names of their parameters.
public struct Secrets: Sendable, Equatable {
    /// What stands for a secret.
    public static let mask = "***"
    /// In bytes. A shorter one stands in half of all texts by chance; it is masked only where its own parameter is
    /// shown.
    private static let shortest = 4
    /// The same of a plain number: counts and years stand everywhere.
    private static let fewestDigits = 8
    /// What people write where there is no secret.
    private static let placeholders: Set<String> = [
        "none", "null", "test", "changeme", "dummy", "demo", "true", "false",
    ]
    /// A shorter line of a secret with several lines, `{` or `end`, is no secret by itself.
    private static let shortestLine = 8

    /// Each spelling as bytes.
    private var texts: Set<[UInt8]> = []
    /// Longest first: one secret may begin another.
    private var ordered: [[UInt8]] = []

    public init() {}

    public private(set) var isEmpty = true

    /// Notes the value of a parameter with a secret's name, and of every part of one, in the spellings that a command
    /// line and its log may have: as it is, as `${name:q}` and JSON write it, and line by line.
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

    /// Notes that there is a parameter with a secret's name whose value is no secret, such as the default that a file
    /// gives: it is masked where the parameter itself is shown, and nowhere else.
    public mutating func addPlaceholder() { isEmpty = false }

    /// Whether a text is masked wherever it stands.
    static func isTelling(_ text: String) -> Bool {
        !text.isEmpty && !isTooShort(text) && !placeholders.contains(text.lowercased())
    }

    /// Whether a secret stands in other texts by chance, being shorter than four bytes or a plain number of fewer than
    /// eight digits.
    public static func isTooShort(_ text: String) -> Bool {
        if text.utf8.count < shortest { return !text.isEmpty }
        return text.utf8.count { (0x30...0x39).contains($0) } < fewestDigits && NumberCell.present(text) != nil
    }

    /// A text as it is, between the single quotes of a shell, between the quotes of JSON, and as a shell's word in
    /// JSON.
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

    /// The text with `***` for each secret in it.
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

    /// The value with `***` for each secret in it; a number that is one becomes text.
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

    /// A parameter's value: `***` where its name is a secret's.
    public func masked(_ value: Value, of name: String) -> Value {
        guard Self.isSecret(name) else {
            guard let map = value.map else { return masked(value) }
            return .map(
                Dictionary(map.map { ($0.key, masked($0.value, of: $0.key)) }, uniquingKeysWith: { first, _ in first }))
        }
        return value == .null ? value : .string(Self.mask)
    }

    /// All parameters by name.
    public func masked(_ values: [String: Value]) -> [String: Value] {
        Dictionary(values.map { ($0.key, masked($0.value, of: $0.key)) }, uniquingKeysWith: { first, _ in first })
    }

    /// `token=***` for `token=abc`; other arguments stay.
    public static func masked(argument: String) -> String {
        guard let equals = argument.firstIndex(of: "="), isSecret(String(argument[..<equals])) else { return argument }
        return argument[...equals] + mask
    }

    /// A command line, with the values of secrets after `--set` or in `--set=name=value`, and wherever else they stand.
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
