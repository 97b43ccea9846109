/// A file is named after the type it declares, or `Type+Verb` after the type it extends.
enum FileNameRule {
    /// Files that are no type by their nature, and the two halves of one idea.
    static let exempt: Set<String> = ["main.swift", "Package.swift", "Port.swift", "System.swift"]

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSwift, !exempt.contains(file.name) else { return [] }
        let base = file.name.dropLast(".swift".count)
        let type = base.split(separator: "+").first.map(String.init) ?? String(base)
        let pattern = #/\b(?:struct|class|enum|actor|protocol|typealias|extension)\s+(?<name>[\w.]+)/#
        let declared = Set(
            SwiftText(file.text).codeLines.filter { $0.contains(type) }.flatMap { line in
                line.matches(of: pattern).flatMap { match in match.output.name.split(separator: ".").map(String.init) }
            })
        if declared.contains(type) { return [] }
        return [
            Finding(
                file: file.path, line: 1, sentence: "declares or extends no `\(type)`; name the file after its type")
        ]
    }
}
