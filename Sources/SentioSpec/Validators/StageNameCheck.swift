import SentioKit

/// Stage names are names of folders too: letters, digits, `_`, `-`, and what `matrix:` adds.
enum StageNameCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var seen: Set<String> = []
        return pipeline.spec.stages.compactMap { node in
            guard seen.insert(node.name).inserted else {
                return pipeline.file.diagnostic(
                    "The stage `\(node.name)` stands here twice; does its matrix hold a value twice?",
                    at: pipeline.origin(of: node.name))
            }
            let base = String(node.name.prefix { $0 != "@" })
            // The names of a group's members were looked at one by one; dots are the engine's.
            let isPlain =
                node.group == nil
                ? StageName.isPlain(base)
                : base.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(StageName.isPlain)
            let isSafe = !node.name.contains("/") && !node.name.contains("\0") && node.name.utf8.count <= 200
            guard !isPlain || !isSafe else { return nil }
            return pipeline.file.diagnostic(
                "The stage name `\(node.name.prefix(60))` may hold letters, digits, `_` and `-`, at most 200 of them.",
                at: pipeline.origin(of: node.name))
        }
    }
}
