import SentioKit

/// The work of a stage, kept in its record to estimate later stages.
struct MeasuredWork: Sendable, Equatable {
    /// The workload, with its pace.
    var load: Workload
    /// The share of it that was computed and timed: perhaps only 1 of 1,000 songs was new.
    var share: Double
    var threads: Int

    var value: Value {
        [
            "amounts": .map(load.amounts.mapValues(Value.double)), "pace": .string(load.pace ?? ""),
            "proportional": .bool(load.isProportional), "share": .double(share), "threads": .int(threads),
        ]
    }

    init(load: Workload, share: Double, threads: Int) {
        self.load = load
        self.share = share
        self.threads = threads
    }

    /// nil for records of earlier versions, which lack it.
    init?(_ value: Value?) {
        guard let amounts = value?["amounts"]?.map?.compactMapValues(\.double), !amounts.isEmpty,
            let share = value?["share"]?.double,
            share > 0, share <= 1
        else { return nil }
        load = Workload(amounts, pace: value?["pace"]?.string, isProportional: value?["proportional"]?.bool ?? true)
        self.share = share
        threads = max(1, value?["threads"]?.int ?? 1)
    }
}
