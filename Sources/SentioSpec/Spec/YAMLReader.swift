import SentioKit
import Yams

/// Parses YAML text into `SpecNode`s with their places, and reports faults of the text as `Diagnostic`s.
///
/// Plain scalars are typed by YAML 1.2's core schema: `no` and `on` are text. Files may come from untrusted sources, so
/// size, nesting, aliases and the expanded size are limited.
struct YAMLReader {
    static let maximumBytes = 8 << 20
    static let maximumNodes = 1_000_000
    static let maximumDepth = 100
    static let maximumAliases = 32

    let file: String
    let lines: [Substring]
    private let text: String
    private let subject: YAMLSubject

    /// Decodes the text.
    /// - Throws: `Diagnostic` if there are too many bytes or they are not UTF-8.
    init(file: String, bytes: [UInt8], as subject: YAMLSubject = .pipeline) throws {
        guard bytes.count <= subject.maximumBytes else {
            throw Diagnostic(
                "\(file) has \(bytes.count) bytes; the limit for a \(subject.name) file is \(subject.maximumBytes).")
        }
        if let problem = TextEncoding.problem(bytes) { throw Diagnostic("\(file) \(problem).") }
        // A byte-order mark is allowed (YAML 1.2, 5.2); editors on Windows write one.
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let text = String(validating: bytes[start...], as: UTF8.self) else {
            throw Self.notUTF8(file, bytes, subject)
        }
        self.file = file
        self.subject = subject
        self.text = text
        // By bytes: to Swift, CR LF is a single character, different from LF.
        lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Substring($0.last == 0x0D ? $0.dropLast() : $0)
        }
    }

    /// Parses the text.
    /// - Parameter problems: receives faults of single values and keys, which are replaced by broken nodes.
    /// - Throws: `Diagnostic` for a fault that leaves no tree.
    func read(problems: inout [Diagnostic]) throws -> SpecNode {
        try checkBounds()
        let root: Node?, repeated: [RepeatedKey]
        do { (root, repeated) = try Self.compose(text) } catch let error as YamlError { throw diagnostic(error) }
        guard let root else {
            throw Diagnostic("\(file) is empty; a \(subject.name) file needs at least `\(subject.key):`.")
        }
        for key in repeated { problems.append(self.repeated(key.name, line: key.line, column: key.column)) }
        var budget = Self.maximumNodes
        return try convert(root, depth: 0, budget: &budget, problems: &problems)
    }

    private static func notUTF8(_ file: String, _ bytes: [UInt8], _ subject: YAMLSubject) -> Diagnostic {
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where String(validating: line, as: UTF8.self) == nil {
            let column = 1 + line.prefix { $0 < 0x80 }.count
            let place = SourceLocation(file: file, line: index + 1, column: column)
            return Diagnostic("This line contains \(TextEncoding.problem(notUTF8: line)).", at: place)
        }
        return Diagnostic("\(file) is not UTF-8 text; is it really a \(subject.name) file?")
    }

    func diagnostic(_ sentence: String, line: Int, column: Int) -> Diagnostic {
        let excerpt = lines.indices.contains(line - 1) ? String(lines[line - 1].prefix(200)) : nil
        return Diagnostic(sentence, at: SourceLocation(file: file, line: line, column: column), excerpt: excerpt)
    }

    private func convert(_ node: Node, depth: Int, budget: inout Int, problems: inout [Diagnostic]) throws -> SpecNode {
        let line = node.mark?.line ?? 1, column = node.mark?.column ?? 1
        budget -= 1
        guard budget > 0 else {
            throw diagnostic(
                "The aliases of the file expand to more than \(Self.maximumNodes) values. Is it an alias bomb?",
                line: line,
                column: column)
        }
        guard depth < Self.maximumDepth else {
            throw diagnostic("The file nests more than \(Self.maximumDepth) levels deep.", line: line, column: column)
        }
        let origin = SpecOrigin.file(SourceLocation(file: file, line: line, column: column))
        switch node {
        case .scalar(let scalar): return self.scalar(scalar, origin, problems: &problems)
        case .sequence(let sequence):
            guard accepts(sequence.tag, kind: "seq", origin, problems: &problems) else { return .broken(origin) }
            return SpecNode(
                .list(try sequence.map { try convert($0, depth: depth + 1, budget: &budget, problems: &problems) }),
                origin)
        case .mapping(let mapping):
            guard accepts(mapping.tag, kind: "map", origin, problems: &problems) else { return .broken(origin) }
            return SpecNode(.map(try map(mapping, origin, depth: depth, budget: &budget, problems: &problems)), origin)
        case .alias:
            throw diagnostic("This alias has no anchor; define one with `&NAME` above it.", line: line, column: column)
        }
    }

    private func map(
        _ mapping: Node.Mapping, _ origin: SpecOrigin, depth: Int, budget: inout Int, problems: inout [Diagnostic]
    ) throws -> SpecMap {
        var map = SpecMap(), merges: [SpecNode] = []
        for (key, value) in mapping {
            let place = key.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? origin.location
            let keyOrigin = place.map(SpecOrigin.file) ?? origin
            guard let scalar = key.scalar else {
                problems.append(diagnostic("A key must be a single value.", at: keyOrigin))
                continue
            }
            let name = scalar.string, node = try convert(value, depth: depth + 1, budget: &budget, problems: &problems)
            // The first of two equal keys, renamed by `compose`.
            if let first = name.unicodeScalars.first,
                (0xE000..<0xE000 + UInt32(Self.maximumRepeatedKeys)).contains(first.value)
            {
                continue
            }
            guard accepts(scalar.tag, kind: nil, keyOrigin, problems: &problems) else { continue }
            if name == "<<", scalar.style == .plain || scalar.style == .any {
                merges += mergeSources(node, problems: &problems)
            } else if map[name] != nil {
                problems.append(repeated(name, line: place?.line ?? 1, column: place?.column ?? 1))
            } else {
                map.set(name, SpecMap.Entry(node: node, keyOrigin: keyOrigin))
            }
        }
        map.fill(from: merges)
        return map
    }

    /// The value of a merge key `<<`: a mapping, or a list of mappings, of which the first with a key wins.
    private func mergeSources(_ node: SpecNode, problems: inout [Diagnostic]) -> [SpecNode] {
        switch node.content {
        case .map: return [node]
        case .list(let nodes) where nodes.allSatisfy({ $0.map != nil }): return nodes
        default:
            if !node.isBroken {
                problems.append(
                    diagnostic(
                        "`<<` must be a mapping, such as `<<: *defaults`, or a list of mappings.", at: node.origin)
                )
            }
            return []
        }
    }

    // MARK: Limits to check before parsing

    private func checkBounds() throws {
        for (index, line) in lines.enumerated() {
            let head = line.utf8.prefix { $0 == 0x20 || "-?:".utf8.contains($0) }
            let markers = head.split(separator: 0x20).prefix { $0.count == 1 }.count
            guard markers < Self.maximumDepth else {
                throw diagnostic(
                    "This line nests more than \(Self.maximumDepth) levels deep.", line: index + 1, column: 1)
            }
            var open = 0
            for byte in line.utf8 where byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { open += 1 }
            guard open < 2_000 else {
                throw diagnostic("This line has too many brackets; split it.", line: index + 1, column: 1)
            }
        }
        try checkAliases()
    }

    /// Hashing a key that is an alias of aliases takes exponential time, so aliases are counted before parsing: 32 of
    /// them expand a file at most about 10^5 times.
    private func checkAliases() throws {
        let anchors = names(after: UInt8(ascii: "&"))
        guard !anchors.isEmpty else { return }
        let known = Set(anchors.map(\.name))
        let aliases = names(after: UInt8(ascii: "*")).filter { known.contains($0.name) }
        if aliases.count > Self.maximumAliases {
            let at = aliases[Self.maximumAliases]
            throw diagnostic(
                "The file has more than \(Self.maximumAliases) aliases, here `*\(at.name)`; an alias bomb grows this "
                    + "way. Use `params:` and `${name}` instead.",
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
                // Columns count characters, not bytes.
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
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return diagnostic(sentence(problem, line: mark.line), line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return repeated("\(duplicates.first ?? "")", line: context.mark.line, column: context.mark.column)
        case .reader(let problem, let offset, _, _):
            return Diagnostic("\(file) cannot be read as YAML\(offset.map { " at byte \($0)" } ?? ""): \(problem).")
        default:
            return Diagnostic("\(file) cannot be read as YAML: \(error).")
        }
    }

    func repeated(_ key: String, line: Int, column: Int) -> Diagnostic {
        diagnostic(
            "The key `\(key)` occurs twice in this mapping; remove one of them.", line: line, column: column)
    }

    private func sentence(_ problem: String, line: Int) -> String {
        let indentation = lines.indices.contains(line - 1) ? lines[line - 1].prefix { $0 == " " || $0 == "\t" } : ""
        if indentation.contains("\t")
            || problem.contains("cannot start any token") && lines[max(0, line - 1)].contains("\t")
        {
            return "YAML cannot be indented with tabs; use spaces."
        }
        return "Invalid YAML: \(problem)."
    }
}
