/// Shortens local paths, which mean nothing to the readers of a page and reveal the layout of the author's machine.
enum PathText {
    /// Replaces every absolute path by its last two components (`…/data/deam`), except paths that the user typed on the
    /// command line.
    static func shortened(_ text: String, typed: [String] = []) -> String {
        var out = "", rest = text[...]
        while let slash = rest.firstIndex(of: "/") {
            out += rest[..<slash]
            let isStart = out.last.map { !$0.isLetter && !$0.isNumber && !"._-~/…:".contains($0) } ?? true
            let path = rest[slash...].prefix { !$0.isWhitespace && !"\"'`,;()[]{}<>".contains($0) }
            rest = rest[path.endIndex...]
            let parts = path.split(separator: "/")
            let keeps = !isStart || parts.count < 3 || typed.contains { $0.contains(path) }
            out += keeps ? String(path) : "…/" + parts.suffix(2).joined(separator: "/")
        }
        return out + rest
    }
}
