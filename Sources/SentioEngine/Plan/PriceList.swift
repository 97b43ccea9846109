import SentioKit
import Synchronization

/// Foresees what a stage takes from the records of its kind: of any stage of any pipeline in the workspace.
///
/// A record tells seconds and a `Workload`. Of records with the same pace and threads the nearest in size count, up to
/// five, the newest first; where there are none, those of another number of threads, then those of another pace, which
/// tell roughly and are said with a wider range. A kind that knows no law of its work is priced only by records of
/// nearly the same size. What is in no relation to any record has no price: unknown is better than a number from
/// another size.
package final class PriceList: Sendable {
    private let records: any RecordStore
    private let known = Mutex<[String: [StageRecord]]>([:])

    /// What every stage takes beside its work, at most: opening, writing, syncing.
    static let overhead = 0.05
    /// Of one kind no more than the newest of this many records are looked at.
    static let most = 64
    /// Up to this ratio of sizes a record tells without doubt.
    static let sure = 4.0

    package init(_ records: any RecordStore) { self.records = records }

    /// - parameters:
    ///   - work: with a pace, as `StageNode.workload` makes it; nil where it is not known.
    ///   - threads: that the stage will have.
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
        // A hundred times larger: twice as wide.
        if growth > Self.sure { doubt *= (growth / Self.sure).squareRoot().squareRoot() }
        return Price(seconds: middles[middles.count / 2], low: low / doubt, high: high * doubt, records: chosen.count)
    }

    /// Takes in a record that was just made.
    func add(_ record: StageRecord) {
        guard record.work != nil, record.cost > 0 else { return }
        known.withLock { known in
            // A kind that nobody has asked for yet is read from the store, with this record in it.
            guard let others = known[record.parts.kind] else { return }
            known[record.parts.kind] = [record] + others.filter { $0.key != record.key }.prefix(Self.most - 1)
        }
    }

    /// The newest records first.
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
    /// How far a record's word carries.
    private enum Tier: Int, Comparable {
        case same, otherThreads, otherPace
        static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
    }

    /// What one record says of a workload.
    private struct Sample {
        let tier: Tier
        let low: Double
        let high: Double
        /// How many times larger or smaller what was measured is.
        let distance: Double
        /// How many times larger what is wanted is.
        let growth: Double
        var middle: Double { (low * high).squareRoot() }

        /// Nil where the record says nothing.
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
                // Between no gain by more threads, and all of it.
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
