import SentioKit

/// Selects columns of a table by names, in which `*` matches any text and `?` any one character.
struct ColumnPatterns {
    /// Columns to keep; empty: all.
    let columns: [String]
    /// Columns to leave out, even if `columns` matches them.
    let exclude: [String]

    func keeps(_ name: String) -> Bool {
        (columns.isEmpty || columns.contains { Self.matches(name, $0) }) && !exclude.contains { Self.matches(name, $0) }
    }

    /// A pattern that matches none of these names is probably a typo: one sentence for each.
    func faults(against names: [String], path: String) -> [String] {
        [("columns", columns), ("exclude", exclude)].flatMap { parameter, patterns in
            patterns.filter { pattern in !names.contains { Self.matches($0, pattern) } }.map { idle in
                let nearest = Suggestion.nearest(to: idle, among: names).map { " Did you mean `\($0)`?" } ?? ""
                return "No column of \(path) matches `\(Excerpt.text(idle))` in `\(parameter)`.\(nearest)"
            }
        }
    }

    /// In time proportional to name × pattern, whatever the pattern.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let name = Array(name.unicodeScalars), pattern = Array(pattern.unicodeScalars)
        var place = 0, mark = 0, star: Int?, retry = 0
        while place < name.count {
            if mark < pattern.count, pattern[mark] == "*" {
                star = mark
                retry = place
                mark += 1
            } else if mark < pattern.count, pattern[mark] == "?" || pattern[mark] == name[place] {
                mark += 1
                place += 1
            } else if let star {
                mark = star + 1
                retry += 1
                place = retry
            } else {
                return false
            }
        }
        return pattern[mark...].allSatisfy { $0 == "*" }
    }
}
