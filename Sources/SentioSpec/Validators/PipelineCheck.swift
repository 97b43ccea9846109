import SentioKit

/// A condition that a pipeline must meet before anything runs. A new check is a file and a line in `PipelineChecks`.
/// Decoding and binding find unknown keys, kinds, ports and parameters, because they know their places.
protocol PipelineCheck: SendableMetatype {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic]
}

enum PipelineChecks {
    static let all: [any PipelineCheck.Type] = [StageNameCheck.self, CycleCheck.self, WorkspaceOutputCheck.self]
}
