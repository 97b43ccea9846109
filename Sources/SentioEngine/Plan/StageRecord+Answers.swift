import SentioSpec

extension StageRecord {
    /// Whether the record may answer for the stage as far as failed items are concerned.
    func answers(_ node: StageNode) -> Bool { failedItems == 0 || node.onError == .skip }
}
