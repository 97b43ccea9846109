public import SentioKit

extension RunOutcome {
    /// The same, with every stage that was found done because another stage of this run had just done the same work
    /// naming that one. Of two that are settled at the same moment the engine may hear of the one that waited first,
    /// and then knows of no other.
    public var namingMakers: RunOutcome {
        let makers = Dictionary(
            stages.compactMap { stage in stage.state == .executed ? stage.key.map { ($0, stage.stage) } : nil },
            uniquingKeysWith: { first, _ in first })
        var named = self
        for index in named.stages.indices
        where named.stages[index].state == .cached && named.stages[index].sharedWith == nil {
            named.stages[index].sharedWith = named.stages[index].key.flatMap { makers[$0] }
        }
        return named
    }
}
