/// Where things lie on somebody's machine says nothing to the readers of a page, and too much.
enum PathText {
    /// Every absolute path in the text by its last two parts (`…/data/deam`), except what the user's own command line
    /// holds.
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
