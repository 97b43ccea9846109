import Foundation

/// A kind lists every parameter that it declares, and reads only parameters that it lists. Reading any other one would
/// compile and trap at run time.
struct ParameterRule {
    /// By type, the names in its list: `alpha`, and `FitOn.parameter` for one that another type declares.
    private var listed: [String: Set<String>] = [:]
    private let files: [SourceFile]

    init(_ files: [SourceFile]) {
        self.files = files
        for file in files { listed[Self.type(file)] = Self.list(SwiftText(file.text).codeLines) }
    }

    var findings: [Finding] { files.flatMap(findings) }

    private static func type(_ file: SourceFile) -> String {
        file.name.dropLast(".swift".count).split(separator: "+").first.map(String.init) ?? file.name
    }

    /// The names between `parameters: [any ParameterDefinition] =` (in a shared set of parameters `all`) and the next
    /// declaration; nil in a file without such a list. `training.all` stands for the type of `training`.
    private static func list(_ lines: [String]) -> Set<String>? {
        let opening = #/(?:let|var) (?:parameters|all): \[any ParameterDefinition\]/#
        guard let start = lines.firstIndex(where: { $0.contains(opening) }) else { return nil }
        let next = #/^    (?:private |public |package |static |let |var |init|func |\})/#
        let end = lines[(start + 1)...].firstIndex { $0.contains(next) } ?? lines.endIndex
        let text = lines[start..<end].joined(separator: " ").replacing(opening, with: "")
        var names = Set(text.matches(of: #/\w+(?:\.\w+)?/#).map { String($0.output) })
        for name in names where name.hasSuffix(".all") {
            let made = "let \(name.dropLast(".all".count)) = "
            guard let line = lines.first(where: { $0.contains(made) }), let range = line.range(of: made) else {
                continue
            }
            names.insert(line[range.upperBound...].prefix { $0.isLetter } + ".all")
        }
        return names
    }

    private func findings(in file: SourceFile) -> [Finding] {
        let type = Self.type(file), lines = SwiftText(file.text).codeLines
        return lines.enumerated().flatMap { index, line -> [Finding] in
            var found: [Finding] = []
            if let own = listed[type], let match = line.firstMatch(of: #/static let (\w+) = (?:\w+\.p|P)arameter[<(]/#),
                !own.contains(String(match.output.1)), !own.contains("Self.\(match.output.1)")
            {
                found.append(finding(file, index, "declares the parameter `\(match.output.1)` and does not list it"))
            }
            for match in line.matches(of: #/configuration\[(\w+)\.(\w+)\]/#) {
                let (owner, name) = (String(match.output.1), String(match.output.2))
                if !isListed(owner == "Self" ? type : owner, name, for: type) {
                    found.append(finding(file, index, "reads the parameter `\(owner).\(name)`, which it does not list"))
                }
            }
            return found
        }
    }

    /// A kind lists what it reads; a part of a kind reads what that kind lists.
    private func isListed(_ owner: String, _ name: String, for type: String) -> Bool {
        guard let own = listed[type] else {
            return listed[owner]?.contains(name) ?? listed.values.contains { $0.contains("\(owner).\(name)") }
        }
        return own.contains("\(owner).all") || own.contains("\(owner).\(name)") || (owner == type && own.contains(name))
            || own.contains("Self.\(name)")
    }

    private func finding(_ file: SourceFile, _ index: Int, _ problem: String) -> Finding {
        Finding(file: file.path, line: index + 1, sentence: "\(Self.type(file)) \(problem) under `parameters`.")
    }
}
