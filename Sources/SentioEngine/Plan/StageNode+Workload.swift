import SentioKit
import Synchronization

/// What a stage had to do, as its record keeps it: evidence for prices.
struct MeasuredWork: Sendable, Equatable {
    /// With a pace.
    var load: Workload
    /// The share of it that was done and timed: of 1,000 songs perhaps only one was new.
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

    /// Nil for records of earlier versions, which have none.
    init?(_ value: Value?) {
        guard let amounts = value?["amounts"]?.map?.compactMapValues(\.double), !amounts.isEmpty, let share = value?["share"]?.double,
            share > 0, share <= 1
        else { return nil }
        load = Workload(amounts, pace: value?["pace"]?.string, isProportional: value?["proportional"]?.bool ?? true)
        self.share = share
        threads = max(1, value?["threads"]?.int ?? 1)
    }
}

extension StageNode {
    /// What there is to do, with a pace. Amounts are by port, those of sources by their name after `source:`.
    func workload(of inputs: [String: Amount]) -> Workload {
        var load =
            stage.workload(of: inputs)
            ?? Workload(["items": inputs.values.reduce(0) { $0 + $1.items }], isProportional: false)
        let pace = load.pace ?? JSON.text(.map(configuration.identity.mapValues(\.recordable)))
        load.pace = String(Hashing.content(pace).hex.prefix(12))
        return load
    }

    static func source(_ name: String) -> String { "source:" + name }

    /// Cores that it is given where all are free.
    func cores(of jobs: Int) -> Int {
        switch cores {
        case .all: jobs
        case .exactly(let count): min(max(1, count), jobs)
        }
    }
}

extension Workspace {
    /// How much an artifact holds; its lineage, most of a manifest, is not looked at.
    /// - throws: `BlobStoreError`, `ManifestError`.
    func amount(_ hash: ContentHash) throws -> Amount {
        if let known = amounts.withLock({ $0[hash] }) { return known }
        // Reading goes by the hash alone.
        let amount = try Manifest.amount(encoded: try blobs.read(BlobReference(hash: hash, size: 0)))
        amounts.withLock { if $0.count < 10_000 { $0[hash] = amount } }
        return amount
    }
}
