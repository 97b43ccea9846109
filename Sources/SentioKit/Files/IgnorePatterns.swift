/// Patterns of files to ignore, in the syntax of `.gitignore`: `*`, `?`, `[a-z]`, `**`, a leading `/` for this folder
/// only, a trailing `/` for folders only, `!` for exceptions, `#` for comments. The last matching pattern decides.
public struct IgnorePatterns: Sendable, Equatable {
    /// The file that contains them, in the folder that they apply to.
    public static let fileName = ".sentioignore"

    private struct Rule: Sendable, Equatable {
        /// Path components; `**` stands for any number of them.
        let parts: [[UInt8]]
        let isNegated: Bool
        let isForFolders: Bool
    }
    private let rules: [Rule]

    /// Files that editors, desktops and version control leave in folders, and outputs that Sentio moved aside.
    public static let standard = IgnorePatterns(
        parsing: Array(
            """
            .git
            __pycache__
            .DS_Store
            ._*
            [Tt]humbs.db
            [Dd]esktop.ini
            .#*
            \\#*#
            *~
            *.swp
            *.kept-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]*
            """.utf8))

    /// Parses one pattern a line. Every file is valid.
    public init(parsing bytes: [UInt8]) {
        rules = bytes.split(separator: 0x0A).compactMap { Self.rule($0.last == 0x0D ? $0.dropLast() : $0) }
    }

    private static func rule(_ line: ArraySlice<UInt8>) -> Rule? {
        var text = line, isNegated = false, isForFolders = false
        guard text.first != UInt8(ascii: "#") else { return nil }
        while text.last == 0x20, text.dropLast().last != UInt8(ascii: "\\") { text = text.dropLast() }
        if text.first == UInt8(ascii: "!") {
            isNegated = true
            text = text.dropFirst()
        }
        if text.last == UInt8(ascii: "/") {
            isForFolders = true
            text = text.dropLast()
        }
        let isAnchored = text.contains(UInt8(ascii: "/"))
        let parts = text.split(separator: UInt8(ascii: "/")).map { Array($0) }
        guard !parts.isEmpty else { return nil }
        return Rule(
            parts: isAnchored ? parts : [Array("**".utf8)] + parts, isNegated: isNegated, isForFolders: isForFolders)
    }

    /// Whether a file is ignored; nil if no pattern matches.
    /// - Parameter path: the components of its path below the folder of the patterns.
    public func decision(_ path: ArraySlice<[UInt8]>, isFolder: Bool) -> Bool? {
        for rule in rules.reversed() where isFolder || !rule.isForFolders {
            if Wildcard.matches(rule.parts[...], path) { return !rule.isNegated }
        }
        return nil
    }
}

/// Matches names against patterns, in time proportional to at most the product of their lengths: patterns may come from
/// an untrusted source.
private enum Wildcard {
    private static let anyParts = Array("**".utf8)

    /// Matches components: `**` matches any number of them, at the end at least one.
    static func matches(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
        var p = pattern.startIndex, s = path.startIndex
        var retry: (pattern: Int, path: Int)?
        while s < path.endIndex {
            if p < pattern.endIndex, pattern[p] == anyParts {
                if p == pattern.endIndex - 1 { return true }
                retry = (p + 1, s)
                p += 1
            } else if p < pattern.endIndex, matches(pattern[p], path[s]) {
                p += 1
                s += 1
            } else if let last = retry {
                retry = (last.pattern, last.path + 1)
                p = last.pattern
                s = last.path + 1
            } else {
                return false
            }
        }
        return p == pattern.endIndex
    }

    /// Matches one component: `*` matches any number of bytes.
    private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var p = 0, s = 0
        var retry: (pattern: Int, name: Int)?
        while s < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, s)
                p += 1
            } else if p < pattern.count, let length = one(pattern[p...], name[s]) {
                p += length
                s += 1
            } else if let last = retry {
                retry = (last.pattern, last.name + 1)
                p = last.pattern
                s = last.name + 1
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.count
    }

    /// How many bytes of the pattern match this byte; nil for no match.
    private static func one(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> Int? {
        guard let first = pattern.first else { return nil }
        switch first {
        case UInt8(ascii: "?"): return 1
        case UInt8(ascii: "\\"):
            guard let next = pattern.dropFirst().first else { return byte == first ? 1 : nil }
            return next == byte ? 2 : nil
        case UInt8(ascii: "["):
            guard let set = ByteSet(pattern) else { return byte == first ? 1 : nil }
            return set.contains(byte) ? set.length : nil
        default: return first == byte ? 1 : nil
        }
    }

    /// `[a-z]`, `[!0-9]`.
    private struct ByteSet {
        private var ranges: [ClosedRange<UInt8>] = []
        private var isNegated = false
        let length: Int

        init?(_ pattern: ArraySlice<UInt8>) {
            var rest = pattern.dropFirst()
            if rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^") {
                isNegated = true
                rest = rest.dropFirst()
            }
            while let low = rest.first, low != UInt8(ascii: "]") || ranges.isEmpty {
                rest = rest.dropFirst()
                var high = low
                if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
                    high = end
                    rest = rest.dropFirst(2)
                }
                if low <= high { ranges.append(low...high) } else { ranges.append(low...low) }
            }
            guard rest.first == UInt8(ascii: "]") else { return nil }
            length = rest.startIndex - pattern.startIndex + 1
        }

        func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != isNegated }
    }
}
