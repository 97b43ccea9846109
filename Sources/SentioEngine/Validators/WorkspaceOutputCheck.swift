import SentioKit

/// Two stages never leave the same file, and never one inside the other's folder.
enum WorkspaceOutputCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var owners: [String: String] = [:], problems: [Diagnostic] = []
        for node in pipeline.nodes {
            for output in node.outputs {
                guard let path = output.workspacePath.map(Paths.normalized) else { continue }
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
}
