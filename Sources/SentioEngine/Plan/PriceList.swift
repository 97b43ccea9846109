import SentioKit
import Synchronization

/// Estimates how long a stage takes from the records of its kind: of any stage of any pipeline in the workspace.
///
/// A record has its seconds and a `Workload`. The estimate is based on up to five records with the same pace and number
/// of threads, the nearest in size, newest first. If there are none, records with another number of threads count, then
/// those with another pace; they are less precise and give a wider range. A kind that states no law for its work is
/// priced only by records of nearly the same size. If no record is comparable, there is no price: unknown is better
/// than a number from another size.
package final class PriceList: Sendable {
    private let records: any RecordStore
    private let known = Mutex<[String: [StageRecord]]>([:])

    /// Seconds that a stage takes besides its work, at most: opening, writing, syncing.
    static let overhead = 0.05
    /// How many records of a kind are considered, the newest first.
    static let most = 64
    /// Up to this ratio of sizes a record is taken as it is; beyond, the range widens.
    static let sure = 4.0

    package init(_ records: any RecordStore) { self.records = records }

    /// - parameters:
    ///   - work: with a pace, as `StageNode.workload` makes it; nil if it is unknown.
    ///   - threads: how many the stage will have.
    func price(_ kind: String, version: Int, _ work: Workload?, threads: Int) -> Price? {
        guard let work else { return nil }
        let samples = samples(kind).compactMap { Sample($0, for: work, version: version, threads: threads) }
        guard let tier = samples.map(\.tier).min() else { return nil }
        let chosen = Self.nearest(samples.filter { $0.tier == tier })
        let middles = chosen.map(\.middle).sorted()
        guard let low = chosen.map(\.low).min(), let high = chosen.map(\.high).max(),
            let growth = chosen.map(\.growth).min()
        else {
            return nil
        }
        var doubt = tier == .otherPace ? 2.0 : 1.0
        // A workload 64 times larger than that of the record doubles the range.
        if growth > Self.sure { doubt *= (growth / Self.sure).squareRoot().squareRoot() }
        return Price(seconds: middles[middles.count / 2], low: low / doubt, high: high * doubt, records: chosen.count)
    }

    /// Adds a record that was just made.
    func add(_ record: StageRecord) {
        guard record.work != nil, record.cost > 0 else { return }
        known.withLock { known in
            // A kind not asked for yet is read from the store later, with this record in it.
            guard let others = known[record.parts.kind] else { return }
            known[record.parts.kind] = [record] + others.filter { $0.key != record.key }.prefix(Self.most - 1)
        }
    }

    /// Newest first.
    private func samples(_ kind: String) -> [StageRecord] {
        known.withLock { known in
            if let found = known[kind] { return found }
            let found = ((try? records.recent(kind: kind, atMost: Self.most)) ?? []).filter {
                $0.work != nil && $0.cost > 0
            }
            known[kind] = found
            return found
        }
    }

    private static func nearest(_ samples: [Sample]) -> [Sample] {
        for limit in [1.25, sure] {
            let near = samples.filter { $0.distance <= limit }
            if !near.isEmpty { return Array(near.prefix(5)) }
        }
        return Array(samples.sorted { $0.distance < $1.distance }.prefix(5))
    }
}

extension PriceList {
    /// How well a record compares, best first.
    private enum Tier: Int, Comparable {
        case same, otherThreads, otherPace
        static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
    }

    /// The estimate for a workload from one record.
    private struct Sample {
        let tier: Tier
        let low: Double
        let high: Double
        /// The ratio between the two workloads, always at least 1.
        let distance: Double
        /// How many times larger the wanted workload is, at least 1.
        let growth: Double
        var middle: Double { (low * high).squareRoot() }

        /// nil if the record does not compare.
        init?(_ record: StageRecord, for wanted: Workload, version: Int, threads: Int) {
            guard let work = record.work else { return nil }
            let isSamePace = work.load.pace == wanted.pace && record.parts.version == version
            tier = !isSamePace ? .otherPace : work.threads == threads ? .same : .otherThreads
            var low = Double.infinity, high = 0.0, distance = 1.0, growth = 1.0
            for (unit, amount) in wanted.amounts {
                guard let measured = work.load.amounts[unit], measured > 0, amount >= 0 else { continue }
                let ratio = amount / measured, fixed = min(record.cost, PriceList.overhead)
                let pure = record.cost * ratio, mixed = (record.cost - fixed) * ratio + fixed
                low = min(low, pure, mixed)
                high = max(high, pure, mixed)
                let size = ratio / work.share
                distance = max(distance, size, size > 0 ? 1 / size : 1)
                growth = max(growth, size)
            }
            guard high > 0, low.isFinite else { return nil }
            if !wanted.isProportional || !work.load.isProportional {
                guard isSamePace, distance <= 1.25 else { return nil }
            }
            if tier != .same {
                // More threads may bring anything from no gain to a proportional one.
                let gain = Double(max(1, work.threads)) / Double(max(1, threads))
                low *= min(1, gain)
                high *= max(1, gain)
            }
            self.low = max(low, 1e-6)
            self.high = max(high, 1e-6)
            self.distance = distance
            self.growth = growth
        }
    }
}
