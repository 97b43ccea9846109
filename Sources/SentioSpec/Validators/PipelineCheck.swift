import SentioKit

/// One thing that must hold of a pipeline before anything runs. A new check is a file and a line in `PipelineChecks`.
/// Unknown keys, kinds, ports and parameters are found while decoding and binding, where their places are at hand.
protocol PipelineCheck: SendableMetatype {
    static func problems(in pipeline: PipelineDraft) -> [Diagnostic]
}

enum PipelineChecks {
    static let all: [any PipelineCheck.Type] = [StageNameCheck.self, CycleCheck.self, WorkspaceOutputCheck.self]
}
