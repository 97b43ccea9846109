public import SentioKit

extension RunDescription.Outlook {
    /// The sum of a plan.
    public init(_ plan: [PlannedStage]) {
        var sum = PriceSum(), pending = 0, isMost = false
        for stage in plan {
            guard case .stale(let reason) = stage.state else { continue }
            pending += 1
            sum.add(stage.price)
            if reason.causes.contains(where: { $0.code == "upstream" }) { isMost = true }
        }
        self.init(
            stages: plan.count, pending: pending, unknown: sum.unknown,
            expectedRange: sum.known > 0 ? sum.price.low...max(sum.price.low, sum.price.high) : nil, isMost: isMost)
    }
}
