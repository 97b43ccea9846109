import SentioKit

/// Two stages never leave the same file, and never one inside the other's folder; and none depends on what it leaves
/// itself, because it would change its own key.
enum WorkspaceOutputCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var owners: [String: String] = [:], problems: [Diagnostic] = []
        for node in pipeline.nodes {
            for output in node.outputs {
                guard let path = output.workspacePath.map(Paths.normalized) else { continue }
                if let source = node.stage.sources.map({ Paths.normalized($0.path) }).first(where: { overlap($0, path) }) {
                    problems.append(
                        pipeline.file.diagnostic(
                            source == path
                                ? "`\(path)` is both a source and an output of \(node.name)."
                                : "`\(source)`, a source of \(node.name), and its output `\(path)` lie one inside the other.",
                            at: pipeline.origin(of: node.name)))
                }
                if let owner = owners.updateValue(node.name, forKey: path) {
                    problems.append(
                        pipeline.file.diagnostic(
                            "`\(path)` is an output of both \(owner) and \(node.name).", at: pipeline.origin(of: node.name)))
                }
            }
        }
        for (path, owner) in owners.sorted(by: { $0.key < $1.key }) {
            var parent = path
            while let slash = parent.lastIndex(of: "/") {
                parent = String(parent[..<slash])
                if let other = owners[parent] {
                    problems.append(
                        pipeline.file.diagnostic(
                            "`\(path)` of \(owner) lies inside `\(parent)`, an output of \(other).", at: pipeline.origin(of: owner)))
                }
            }
        }
        return problems
    }

    private static func overlap(_ left: String, _ right: String) -> Bool {
        left == right || left == "." || left.hasPrefix(right + "/") || right.hasPrefix(left + "/")
    }
}
