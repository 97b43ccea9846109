public import SentioKit

extension RunOutcome {
    /// The outcome with `sharedWith` filled in for every cached stage that reused work done by another stage of the
    /// same run. The engine may settle the waiting stage before it learns which stage did the work.
    public var resolvingSharedStages: RunOutcome {
        let producers = Dictionary(
            stages.compactMap { stage in stage.state == .executed ? stage.key.map { ($0, stage.stage) } : nil },
            uniquingKeysWith: { first, _ in first })
        var resolved = self
        for index in resolved.stages.indices
        where resolved.stages[index].state == .cached && resolved.stages[index].sharedWith == nil {
            resolved.stages[index].sharedWith = resolved.stages[index].key.flatMap { producers[$0] }
        }
        return resolved
    }
}
