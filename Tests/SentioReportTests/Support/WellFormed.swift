import Foundation

/// A small check of markup: every element that opens closes, in order; nothing unescaped.
enum WellFormed {
    private static let empty: Set<String> = ["meta", "link", "img", "br"]

    /// What is wrong; nil where nothing is.
    static func fault(in text: String) -> String? {
        var open: [String] = [], rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else {
                return "a `<` without its `>` near \(rest[start...].prefix(60))"
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let isClosing = tag.hasPrefix("/"), name = String(tag.drop { $0 == "/" }.prefix { !$0.isWhitespace })
            guard let first = name.first, first.isLetter else { return "no tag: <\(tag.prefix(60))>" }
            if isClosing {
                guard open.popLast() == name else { return "</\(name)> closes nothing" }
            } else if !empty.contains(name) {
                open.append(name)
                // Styles and scripts are text of their own.
                if name == "style" || name == "script", let close = rest.range(of: "</\(name)>") {
                    rest = rest[close.lowerBound...]
                }
            }
        }
        return open.isEmpty ? nil : "still open: \(open.joined(separator: " "))"
    }
}
