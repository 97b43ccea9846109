import SentioKit

/// Replaces `${name}` by params. A scalar that is only `${x}` keeps x's type; `\${` is literal.
///
/// Params may refer to params; each is resolved once, on first use. The total size of all expansions is bounded: params
/// that double each other reach 2^60 values in 60 lines.
final class Interpolation {
    /// Limit on the values and characters of all expansions.
    static let maximumGrowth = 8_000_000
    static let maximumDepth = 100

    private enum Param {
        case raw(SpecNode), resolving, resolved(SpecNode)
        /// Its fault was reported; uses of it are not reported again.
        case failed
    }

    private let names: [String]
    private var params: [String: Param]
    private var chain: [String] = []
    private var growthLeft = maximumGrowth
    private let report: (String, SpecOrigin) -> Diagnostic

    init(_ params: SpecMap, report: @escaping (String, SpecOrigin) -> Diagnostic) {
        names = params.keys
        self.params = params.entries.mapValues { .raw($0.node) }
        self.report = report
    }

    /// Params with their references replaced.
    func resolved(_ params: SpecMap, problems: inout [Diagnostic]) -> SpecMap {
        var out = params
        for key in params.keys {
            guard let entry = params.entries[key], let node = resolve(key, at: entry.node.origin, problems: &problems)
            else { continue }
            out.set(key, SpecMap.Entry(node: node, keyOrigin: entry.keyOrigin))
        }
        return out
    }

    /// Replaces the references in a node.
    /// - Parameter cell: further names (`matrix.dim`), which take precedence over params.
    /// - Returns: a broken node if a reference could not be replaced, which is then reported.
    func apply(_ node: SpecNode, cell: [String: SpecNode] = [:], problems: inout [Diagnostic]) -> SpecNode {
        filled(node, cell, &problems) ?? .broken(node.origin)
    }

    /// Replaces the references in a mapping entry by entry, so that a fault in one does not affect the others.
    /// - Returns: the mapping without the broken entries, and the names of these.
    func entries(
        _ map: SpecMap, cell: [String: SpecNode], problems: inout [Diagnostic]
    ) -> (map: SpecMap, broken: [String]) {
        var out = SpecMap(), broken: [String] = []
        for key in map.keys {
            guard let entry = map.entries[key] else { continue }
            let node = apply(entry.node, cell: cell, problems: &problems)
            if node.isBroken {
                broken.append(key)
            } else {
                out.set(key, SpecMap.Entry(node: node, keyOrigin: entry.keyOrigin))
            }
        }
        return (out, broken)
    }

    /// nil if a reference could not be replaced, which is then reported.
    private func filled(_ node: SpecNode, _ cell: [String: SpecNode], _ problems: inout [Diagnostic]) -> SpecNode? {
        if node.isBroken { return nil }
        switch node.content {
        case .scalar(.string(let text)) where text.utf8.contains(UInt8(ascii: "$")):
            return replace(text, in: node, cell, &problems)
        case .scalar: return node
        case .list(let nodes):
            let out = nodes.map { filled($0, cell, &problems) }
            return out.contains { $0 == nil } ? nil : SpecNode(.list(out.compactMap { $0 }), node.origin)
        case .map(let map):
            var out = SpecMap(), isWhole = true
            for key in map.keys {
                guard let entry = map.entries[key] else { continue }
                let value = filled(entry.node, cell, &problems)
                if value == nil { isWhole = false }
                out.set(key, SpecMap.Entry(node: value ?? entry.node, keyOrigin: entry.keyOrigin))
            }
            return isWhole ? SpecNode(.map(out), node.origin) : nil
        }
    }

    private func replace(_ text: String, in node: SpecNode, _ cell: [String: SpecNode], _ problems: inout [Diagnostic])
        -> SpecNode?
    {
        var out = "", rest = text[...]
        while let (start, open) = Self.reference(in: rest) {
            if rest[..<start].utf8.last == UInt8(ascii: "\\") {
                out += rest[..<start].dropLast() + "${"
                rest = rest[open...]
                continue
            }
            out += rest[..<start]
            guard let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}")) else {
                problems.append(
                    report("`${` has no closing `}`. For a literal `${`, write `\\${`.", node.origin))
                return nil
            }
            let (name, isQuoted) = Self.named(rest[open..<close])
            let after = rest.utf8.index(after: close)
            guard let found = lookUp(name, cell, at: node.origin, &problems) else { return nil }
            if isQuoted {
                guard let quoted = ShellText.quoted(found.value) else {
                    problems.append(
                        report(
                            "`${\(name):q}` is a mapping; `:q` quotes only single values and lists of them.",
                            node.origin))
                    return nil
                }
                out += quoted
                rest = rest[after...]
                continue
            }
            if out.isEmpty, start == text.startIndex, after == text.endIndex { return found }
            guard case .scalar = found.content else {
                problems.append(
                    report(
                        "`${\(name)}` is a \(found.value.typeName); only a single value can be part of a text.",
                        node.origin))
                return nil
            }
            out += found.printed
            rest = rest[after...]
        }
        return SpecNode(.scalar(.string(out + rest)), node.origin)
    }

    /// The paths of all params that a text refers to: `${a.b[0]}` is `a`, `b`, `0`.
    static func references(in text: String) -> [[String]] {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return [] }
        var found: [[String]] = [], rest = text[...]
        while let (start, open) = reference(in: rest) {
            let isLiteral = rest[..<start].utf8.last == UInt8(ascii: "\\")
            guard let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}")) else { break }
            if !isLiteral { found.append(path(named(rest[open..<close]).name)) }
            rest = isLiteral ? rest[open...] : rest[rest.utf8.index(after: close)...]
        }
        return found
    }

    /// The name between the braces, and whether `:q` follows, which quotes the value for a shell.
    private static func named(_ inside: Substring) -> (name: String, isQuoted: Bool) {
        let text = String(inside.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        return text.hasSuffix(":q") ? (String(text.dropLast(2)), true) : (text, false)
    }

    /// Where the next `${` starts and ends.
    private static func reference(in text: Substring) -> (start: String.Index, end: String.Index)? {
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            let next = rest.index(after: dollar)
            if next < rest.endIndex, rest[next] == UInt8(ascii: "{") { return (dollar, rest.index(after: next)) }
            rest = rest[next...]
        }
        return nil
    }

    private func lookUp(
        _ name: String, _ cell: [String: SpecNode], at origin: SpecOrigin, _ problems: inout [Diagnostic]
    ) -> SpecNode? {
        if let node = cell[name] { return grown(node, name, origin, &problems) }
        let path = Self.path(name)
        // `matrix.item.lr` is a part of the cell's `matrix.item`.
        if path.count > 2, let node = cell[path.prefix(2).joined(separator: ".")] {
            return part(path.dropFirst(2), of: node, name, origin, &problems).flatMap {
                grown($0, name, origin, &problems)
            }
        }
        guard let head = path.first, params[head] != nil else {
            let hint =
                problems.suggestion(for: path.first ?? name, among: names + cell.keys).map {
                    " Did you mean `${\($0)}`?"
                } ?? " Declare it under `params:`."
            problems.append(report("There is no param `\(name)`.\(hint)", origin))
            return nil
        }
        guard let node = resolve(head, at: origin, problems: &problems) else { return nil }
        return part(path.dropFirst(), of: node, name, origin, &problems).flatMap { grown($0, name, origin, &problems) }
    }

    /// The value at a path below a node; nil if there is none, which is then reported.
    private func part(
        _ path: ArraySlice<String>, of node: SpecNode, _ name: String, _ origin: SpecOrigin,
        _ problems: inout [Diagnostic]
    ) -> SpecNode? {
        var node = node
        for part in path {
            switch node.content {
            case .map(let map):
                guard let next = map[part] else {
                    problems.append(report("There is no param `\(name)`: the mapping has no key `\(part)`.", origin))
                    return nil
                }
                node = next
            case .list(let nodes):
                guard let index = Int(part), nodes.indices.contains(index) else {
                    problems.append(
                        report(
                            "There is no param `\(name)`: the list has \(nodes.count) values, counted from 0.", origin))
                    return nil
                }
                node = nodes[index]
            case .scalar:
                problems.append(
                    report("There is no param `\(name)`: `\(part)` would be part of a single value.", origin))
                return nil
            }
        }
        return node
    }

    private func resolve(_ name: String, at origin: SpecOrigin, problems: inout [Diagnostic]) -> SpecNode? {
        switch params[name] {
        case .resolved(let node)?: return node
        case .failed?, nil: return nil
        case .resolving?:
            problems.append(
                report("Params refer to each other in a cycle: \((chain + [name]).joined(separator: " -> ")).", origin))
            return nil
        case .raw(let raw)?:
            guard chain.count < Self.maximumDepth else {
                problems.append(
                    report(
                        "Params refer to params more than \(Self.maximumDepth) levels deep, down to `\(name)`.", origin)
                )
                return nil
            }
            params[name] = .resolving
            chain.append(name)
            let node = filled(raw, [:], &problems)
            chain.removeLast()
            params[name] = node.map { .resolved($0) } ?? .failed
            return node
        }
    }

    /// The node, unless it expands the file beyond the limit.
    private func grown(_ node: SpecNode, _ name: String, _ origin: SpecOrigin, _ problems: inout [Diagnostic])
        -> SpecNode?
    {
        guard growthLeft > 0 else { return nil }
        var isDeep = false
        measure(node, depth: 0, &isDeep)
        if isDeep {
            problems.append(report("`${\(name)}` nests more than \(Self.maximumDepth) levels deep.", origin))
            return nil
        }
        guard growthLeft > 0 else {
            problems.append(
                report(
                    "`${\(name)}` expands the file to more than \(Self.maximumGrowth) values and characters. Do params "
                        + "multiply each other?",
                    origin))
            return nil
        }
        return node
    }

    private func measure(_ node: SpecNode, depth: Int, _ isDeep: inout Bool) {
        guard depth < Self.maximumDepth else { return isDeep = true }
        growthLeft -= 1
        switch node.content {
        case .scalar(.string(let text)): growthLeft -= text.utf8.count
        case .scalar: break
        case .list(let nodes):
            for node in nodes where growthLeft > 0 && !isDeep { measure(node, depth: depth + 1, &isDeep) }
        case .map(let map):
            for entry in map.entries.values where growthLeft > 0 && !isDeep {
                measure(entry.node, depth: depth + 1, &isDeep)
            }
        }
    }

    /// `a.b[0]` as `a`, `b`, `0`.
    private static func path(_ name: String) -> [String] {
        name.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
    }
}

extension [Diagnostic] {
    /// "Did you mean", for the first problems only: comparing 10,000 wrong names with 10,000 right ones takes minutes,
    /// and nobody reads that far.
    func suggestion(for name: String, among candidates: @autoclosure () -> some Sequence<String>) -> String? {
        count < 20 ? Suggestion.nearest(to: name, among: candidates()) : nil
    }
}
