import SentioKit
public import SentioSpec

extension Engine {
    /// The stages of a pipeline that would run now because a tainted song reached their last results.
    public func taintedStages(of pipeline: Pipeline, options: RunOptions) -> [String] {
        if workspace.taints.isEmpty { return [] }
        return plan(pipeline, options: options).filter { planned in
            guard case .stale(let reason) = planned.state else { return false }
            return reason.causes.contains { if case .tainted = $0 { true } else { false } }
        }.map(\.stage)
    }
}
