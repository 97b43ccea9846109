import SentioKit
import Yams

extension YAMLReader {
    private static let core = "tag:yaml.org,2002:"
    private static let scalarTags: Set<String> = ["str", "int", "float", "bool", "null"]

    /// A scalar, typed by its tag or else by YAML 1.2's core schema. Keeps the spelling of numbers and booleans.
    func scalar(_ scalar: Node.Scalar, _ origin: SpecOrigin, problems: inout [Diagnostic]) -> SpecNode {
        let text = scalar.string, tag = scalar.tag.rawValue
        // Yams tags quoted scalars as text.
        let name = tag.hasPrefix(Self.core) ? String(tag.dropFirst(Self.core.count)) : tag
        let plain = YAMLScalar.value(text)
        func refused(_ what: String) -> SpecNode {
            problems.append(
                diagnostic("`\(Excerpt.text(text))` is not a \(what), as its tag `!!\(name)` requires.", at: origin))
            return .broken(origin)
        }
        let value: Value
        switch name {
        case "" where scalar.style == .plain || scalar.style == .any: value = plain
        case "", "!", "str": return SpecNode(.scalar(.string(text)), origin)
        case "int":
            if case .int = plain { value = plain } else { return refused("whole number of at most 64 bits") }
        case "float":
            guard let number = plain.double else { return refused("number") }
            value = .double(number)
        case "bool":
            guard plain.bool != nil else { return refused("boolean (true or false)") }
            value = plain
        case "null":
            guard plain == .null else { return refused("null value") }
            value = plain
        default:
            problems.append(unknown(tag, at: origin))
            return .broken(origin)
        }
        var node = SpecNode(.scalar(value), origin)
        if value != .null, value.string == nil, value.text != text { node.written = text }
        return node
    }

    /// Reports a tag that a mapping, a list or a key cannot have.
    /// - Parameter kind: `map` or `seq`; nil for a key, which is always text.
    /// - Returns: whether the tag is valid.
    func accepts(_ tag: Tag, kind: String?, _ origin: SpecOrigin, problems: inout [Diagnostic]) -> Bool {
        let tag = tag.rawValue
        let name = tag.hasPrefix(Self.core) ? String(tag.dropFirst(Self.core.count)) : tag
        if ["", "!", kind ?? "str"].contains(name) || kind == nil && Self.scalarTags.contains(name) { return true }
        if let kind, Self.scalarTags.contains(name) || ["map", "seq"].contains(name) {
            problems.append(
                diagnostic("The tag `!!\(name)` does not fit a \(kind == "map" ? "mapping" : "list").", at: origin))
        } else {
            problems.append(unknown(tag, at: origin))
        }
        return false
    }

    private func unknown(_ tag: String, at origin: SpecOrigin) -> Diagnostic {
        let shown = tag.hasPrefix(Self.core) ? "!!" + tag.dropFirst(Self.core.count) : tag
        return diagnostic(
            "Unknown tag `\(Excerpt.text(shown))`; only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are "
                + "supported. Remove it, or put text that begins with `!` in quotes.",
            at: origin)
    }

    func diagnostic(_ sentence: String, at origin: SpecOrigin) -> Diagnostic {
        diagnostic(sentence, line: origin.location?.line ?? 1, column: origin.location?.column ?? 1)
    }
}
