import SentioKit
import Yams

/// Turns YAML text into `SpecNode`s, every one with its place, and every fault of the text into a `Diagnostic`.
///
/// Plain scalars are typed by YAML 1.2's core schema: `no` and `on` are text. Files come from strangers: size, nesting,
/// aliases and the expanded size are bounded.
struct YAMLReader {
    static let maximumBytes = 8 << 20
    static let maximumNodes = 1_000_000
    static let maximumDepth = 100
    static let maximumAliases = 32

    let file: String
    let lines: [Substring]
    private let text: String

    /// - throws: `Diagnostic` where the bytes are too many or not UTF-8.
    init(file: String, bytes: [UInt8]) throws {
        guard bytes.count <= Self.maximumBytes else {
            throw Diagnostic("\(file) holds \(bytes.count) bytes; a pipeline file may have \(Self.maximumBytes).")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic("\(file) is not UTF-8 text; is it really a pipeline file?")
        }
        self.file = file
        self.text = text
        // By bytes: Swift takes CR LF for one character, which is not the LF alone.
        lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
    }

    /// - throws: `Diagnostic` for the first fault of the text.
    func read() throws -> SpecNode {
        try checkBounds()
        let root: Node?
        do {
            // Without Yams' rules of YAML 1.1: scalars are typed by `YAMLScalar`, and its regular expressions cost a quarter of
            // the time that reading a long file takes.
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw diagnostic(error)
        }
        guard let root else { throw Diagnostic("\(file) is empty; a pipeline file needs at least `stages:`.") }
        var budget = Self.maximumNodes
        return try convert(root, depth: 0, budget: &budget)
    }

    func diagnostic(_ sentence: String, line: Int, column: Int) -> Diagnostic {
        let excerpt = lines.indices.contains(line - 1) ? String(lines[line - 1].prefix(200)) : nil
        return Diagnostic(sentence, at: SourceLocation(file: file, line: line, column: column), excerpt: excerpt)
    }

    private func convert(_ node: Node, depth: Int, budget: inout Int) throws -> SpecNode {
        let line = node.mark?.line ?? 1, column = node.mark?.column ?? 1
        budget -= 1
        guard budget > 0 else {
            throw diagnostic(
                "The file expands to more than \(Self.maximumNodes) values through its aliases; is it an alias bomb?", line: line,
                column: column)
        }
        guard depth < Self.maximumDepth else {
            throw diagnostic("More than \(Self.maximumDepth) levels of nesting.", line: line, column: column)
        }
        let origin = SpecOrigin.file(SourceLocation(file: file, line: line, column: column))
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return SpecNode(.scalar(isPlain ? YAMLScalar.value(scalar.string) : .string(scalar.string)), origin)
        case .sequence(let sequence):
            return SpecNode(.list(try sequence.map { try convert($0, depth: depth + 1, budget: &budget) }), origin)
        case .mapping(let mapping):
            var map = SpecMap(), merges: [SpecNode] = []
            for (key, value) in mapping {
                guard let scalar = key.scalar else {
                    throw diagnostic("A key must be a plain word here.", line: key.mark?.line ?? line, column: key.mark?.column ?? column)
                }
                let name = scalar.string
                let keyOrigin = SpecOrigin.file(
                    SourceLocation(file: file, line: key.mark?.line ?? line, column: key.mark?.column ?? column))
                if name == "<<", scalar.style == .plain || scalar.style == .any {
                    merges += try mergeSources(try convert(value, depth: depth + 1, budget: &budget))
                    continue
                }
                if map[name] != nil { throw repeated(name, line: key.mark?.line ?? line, column: key.mark?.column ?? column) }
                map.set(name, SpecMap.Entry(node: try convert(value, depth: depth + 1, budget: &budget), keyOrigin: keyOrigin))
            }
            map.fill(from: merges)
            return SpecNode(.map(map), origin)
        case .alias:
            throw diagnostic("An alias without its anchor.", line: line, column: column)
        }
    }

    /// What stands behind a merge key `<<`: a mapping, or a list of mappings of which the first with a key wins.
    private func mergeSources(_ node: SpecNode) throws -> [SpecNode] {
        switch node.content {
        case .map: return [node]
        case .list(let nodes) where nodes.allSatisfy({ $0.map != nil }): return nodes
        default:
            throw diagnostic(
                "`<<` takes a mapping, such as `<<: *defaults`, or a list of mappings.", line: node.origin.location?.line ?? 1,
                column: node.origin.location?.column ?? 1)
        }
    }

    // MARK: Bounds that must hold before the text is parsed

    private func checkBounds() throws {
        for (index, line) in lines.enumerated() {
            let head = line.utf8.prefix { $0 == 0x20 || "-?:".utf8.contains($0) }
            let markers = head.split(separator: 0x20).prefix { $0.count == 1 }.count
            guard markers < Self.maximumDepth else {
                throw diagnostic("More than \(Self.maximumDepth) levels of nesting in one line.", line: index + 1, column: 1)
            }
            var open = 0
            for byte in line.utf8 where byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { open += 1 }
            guard open < 2_000 else { throw diagnostic("Too many brackets in one line.", line: index + 1, column: 1) }
        }
        try checkAliases()
    }

    /// Hashing a key that is an alias of aliases takes exponential time, so aliases are counted before parsing:
    /// 32 of them cannot expand a file more than about 10^5 times.
    private func checkAliases() throws {
        let anchors = names(after: UInt8(ascii: "&"))
        guard !anchors.isEmpty else { return }
        let known = Set(anchors.map(\.name))
        let aliases = names(after: UInt8(ascii: "*")).filter { known.contains($0.name) }
        if aliases.count > Self.maximumAliases {
            let at = aliases[Self.maximumAliases]
            throw diagnostic(
                "More than \(Self.maximumAliases) aliases (`*\(at.name)`) in one file; an alias bomb grows this way. Use `params:` and `${name}` instead.",
                line: at.line, column: at.column)
        }
    }

    private func names(after sigil: UInt8) -> [(name: String, line: Int, column: Int)] {
        var found: [(name: String, line: Int, column: Int)] = []
        for (index, line) in lines.enumerated() {
            let bytes = line.utf8
            var before = UInt8(ascii: " "), column = 0
            for position in bytes.indices {
                let byte = bytes[position]
                // Bytes after the first of a character do not count as columns.
                if byte & 0xC0 != 0x80 { column += 1 }
                if byte == sigil, " ,[{\t".utf8.contains(before) {
                    let name = bytes[bytes.index(after: position)...].prefix { !" ,]}\t:".utf8.contains($0) }
                    if !name.isEmpty { found.append((String(Substring(name)), index + 1, column)) }
                }
                before = byte
            }
        }
        return found
    }

    // MARK: Faults of the text

    private func diagnostic(_ error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return diagnostic(sentence(problem, line: mark.line), line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return repeated("\(duplicates.first ?? "")", line: context.mark.line, column: context.mark.column)
        case .reader(let problem, let offset, _, _):
            return Diagnostic("\(file) cannot be read as YAML\(offset.map { " at byte \($0)" } ?? ""): \(problem).")
        default:
            return Diagnostic("\(file) cannot be read as YAML: \(error).")
        }
    }

    private func repeated(_ key: String, line: Int, column: Int) -> Diagnostic {
        diagnostic("The key `\(key)` stands here twice; YAML would silently keep one of them.", line: line, column: column)
    }

    private func sentence(_ problem: String, line: Int) -> String {
        let indentation = lines.indices.contains(line - 1) ? lines[line - 1].prefix { $0 == " " || $0 == "\t" } : ""
        if indentation.contains("\t") || problem.contains("cannot start any token") && lines[max(0, line - 1)].contains("\t") {
            return "A tab cannot indent YAML; use spaces."
        }
        return "Not valid YAML: \(problem)."
    }
}
