import SentioKit

/// Stage names must be usable as names of folders: ASCII letters, digits, `_`, `-`, and what `matrix:` adds.
enum StageNameCheck: PipelineCheck {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic] {
        var seen: Set<String> = []
        return pipeline.spec.stages.compactMap { node in
            guard seen.insert(node.name).inserted else {
                return pipeline.file.diagnostic(
                    "The stage `\(node.name)` occurs twice. Does its matrix list a value twice?",
                    at: pipeline.origin(of: node.name))
            }
            let base = String(node.name.prefix { $0 != "@" })
            // The names of group members were checked when decoded; the dots between them are ours.
            let isPlain =
                node.group == nil
                ? StageName.isPlain(base)
                : base.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(StageName.isPlain)
            let isSafe = !node.name.contains("/") && !node.name.contains("\0") && node.name.utf8.count <= 200
            guard !isPlain || !isSafe else { return nil }
            return pipeline.file.diagnostic(StageName.refusal(of: node.name), at: pipeline.origin(of: node.name))
        }
    }
}
