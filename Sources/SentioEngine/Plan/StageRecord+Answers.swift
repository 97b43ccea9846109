import SentioSpec

extension StageRecord {
    /// Whether the record may stand for a run of the stage, as far as failed items go.
    func answers(_ node: StageNode) -> Bool { failedItems == 0 || node.onError == .skip }
}
