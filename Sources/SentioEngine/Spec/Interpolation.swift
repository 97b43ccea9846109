import SentioKit

/// Replaces `${name}` by params. A scalar that is only `${x}` keeps x's type; `\${` is literal.
struct Interpolation {
    private let params: SpecMap
    private let extra: [String: SpecNode]
    private let report: (String, SpecOrigin) -> Diagnostic

    /// - parameter extra: further names (`matrix.dim`) that win over params.
    init(params: SpecMap, extra: [String: SpecNode] = [:], report: @escaping (String, SpecOrigin) -> Diagnostic) {
        self.params = params
        self.extra = extra
        self.report = report
    }

    /// Params may use params: resolves them all.
    static func resolved(_ params: SpecMap, report: @escaping (String, SpecOrigin) -> Diagnostic, problems: inout [Diagnostic]) -> SpecMap {
        var resolved = params
        for key in params.keys {
            guard let entry = params.entries[key] else { continue }
            let node = Interpolation(params: params, report: report).apply(entry.node, chain: [key], problems: &problems)
            resolved.set(key, SpecMap.Entry(node: node, keyOrigin: entry.keyOrigin))
        }
        return resolved
    }

    func apply(_ node: SpecNode, problems: inout [Diagnostic]) -> SpecNode { apply(node, chain: [], problems: &problems) }

    private func apply(_ node: SpecNode, chain: [String], problems: inout [Diagnostic]) -> SpecNode {
        switch node.content {
        case .scalar(.string(let text)) where text.utf8.contains(UInt8(ascii: "$")):
            return replace(text, in: node, chain: chain, problems: &problems)
        case .scalar: return node
        case .list(let nodes): return SpecNode(.list(nodes.map { apply($0, chain: chain, problems: &problems) }), node.origin)
        case .map(let map):
            var out = SpecMap()
            for key in map.keys {
                guard let entry = map.entries[key] else { continue }
                out.set(key, SpecMap.Entry(node: apply(entry.node, chain: chain, problems: &problems), keyOrigin: entry.keyOrigin))
            }
            return SpecNode(.map(out), node.origin)
        }
    }

    private func replace(_ text: String, in node: SpecNode, chain: [String], problems: inout [Diagnostic]) -> SpecNode {
        var out = "", rest = text[...]
        while let dollar = rest.range(of: "${") {
            if rest[..<dollar.lowerBound].last == "\\" {
                out += rest[..<dollar.lowerBound].dropLast() + "${"
                rest = rest[dollar.upperBound...]
                continue
            }
            out += rest[..<dollar.lowerBound]
            guard let close = rest[dollar.upperBound...].firstIndex(of: "}") else {
                problems.append(report("`${` without its closing `}`; write `\\${` for the characters themselves.", node.origin))
                return node
            }
            let name = rest[dollar.upperBound..<close].trimmed
            guard let found = lookUp(String(name), chain: chain, at: node.origin, problems: &problems) else { return node }
            if out.isEmpty, dollar.lowerBound == text.startIndex, rest.index(after: close) == text.endIndex { return found }
            if case .scalar(let value) = found.content {
                out += value.text
            } else {
                problems.append(
                    report("`${\(name)}` is a \(found.value.typeName); inside a text only a single value can stand.", node.origin))
            }
            rest = rest[rest.index(after: close)...]
        }
        return SpecNode(.scalar(.string(out + rest)), node.origin)
    }

    private func lookUp(_ name: String, chain: [String], at origin: SpecOrigin, problems: inout [Diagnostic]) -> SpecNode? {
        if let node = extra[name] { return node }
        let path = Self.path(name)
        guard let head = path.first, let top = params[head] else {
            let hint = Suggestion.nearest(to: path.first ?? name, among: params.keys + extra.keys).map { " Did you mean `${\($0)}`?" } ?? ""
            problems.append(report("There is no param `\(name)`.\(hint)", origin))
            return nil
        }
        guard !chain.contains(head) else {
            problems.append(report("Params use each other in a circle: \((chain + [head]).joined(separator: " -> ")).", origin))
            return nil
        }
        var node = apply(top, chain: chain + [head], problems: &problems)
        for part in path.dropFirst() {
            switch node.content {
            case .map(let map):
                guard let next = map[part] else {
                    problems.append(report("The param `\(name)` has no part `\(part)`.", origin))
                    return nil
                }
                node = next
            case .list(let nodes):
                guard let index = Int(part), nodes.indices.contains(index) else {
                    problems.append(report("`\(name)`: the list has \(nodes.count) values, counted from 0.", origin))
                    return nil
                }
                node = nodes[index]
            case .scalar:
                problems.append(report("`\(name)`: `\(part)` is asked of a single value.", origin))
                return nil
            }
        }
        return node
    }

    /// `a.b[0]` as `a`, `b`, `0`.
    private static func path(_ name: String) -> [String] {
        name.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var copy = self
        while copy.first == " " { copy.removeFirst() }
        while copy.last == " " { copy.removeLast() }
        return copy
    }

    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
