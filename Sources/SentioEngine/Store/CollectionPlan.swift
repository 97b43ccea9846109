import SentioKit

/// Decides what to remove: of everything unprotected, always what is cheapest to compute again for the bytes it frees.
/// Depends only on the inventory.
struct CollectionPlan {
    private(set) var collection = Collection()
    private(set) var records: Set<StageKey> = []
    private(set) var items: Set<ItemKey> = []
    private(set) var blobs: Set<ContentHash> = []
    private(set) var folders: [String] = []

    private let inventory: Inventory
    private let rules: CollectionRules
    private let prices: RecreationPrices
    private var references: [ContentHash: Int] = [:]
    private var total = 0
    private var goneLogs: Set<String> = []

    init(_ inventory: Inventory, keep: Int?, _ rules: CollectionRules, modifiedAt: (ContentHash) -> Double) {
        self.inventory = inventory
        self.rules = rules
        prices = RecreationPrices(inventory.entries.map(\.record))
        for entry in inventory.entries { for hash in entry.blobs { references[hash, default: 0] += 1 } }
        let loose = Set(inventory.items.map(\.blob)).filter { references[$0] == nil }
        let unused = inventory.sizes.keys.filter { references[$0] == nil && !loose.contains($0) }
        let others =
            inventory.checkpoints.map(\.folder) + inventory.damaged + inventory.leftovers + inventory.logs.map(\.folder)
        total = inventory.bytes(inventory.sizes.keys) + others.reduce(0) { $0 + $1.bytes }
        collection.before = total
        collection.kept = kept()

        if !unused.isEmpty { remove(Self.count(unused.count, "unreferenced blob"), at: 0, seconds: 0, unused) }
        if !inventory.damaged.isEmpty {
            remove(Self.count(inventory.damaged.count, "damaged blob"), at: 0, seconds: 0, [], inventory.damaged)
        }
        if !inventory.leftovers.isEmpty {
            remove(
                Self.count(inventory.leftovers.count, "leftover") + " of failed attempts", at: 0, seconds: 0, [],
                inventory.leftovers)
        }
        removeLogs(of: rules.deletedRuns, down: nil)
        if let keep {
            removeLogs(of: oldRuns, down: keep)
            removeByValue(loose.map { ($0, modifiedAt($0)) }.sorted { $0.1 < $1.1 }, down: keep)
            removeLogs(of: oldRuns, down: keep)
        }
        // An item whose blob is removed is computed again when it is next needed.
        items = Set(inventory.items.filter { blobs.contains($0.blob) }.map(\.key))
        collection.blobs = blobs.count
        collection.after = total
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private mutating func remove(
        _ what: String, at time: Double, seconds: Double?, _ gone: [ContentHash], _ paths: [Inventory.Folder] = []
    ) {
        let bytes = inventory.bytes(gone) + paths.reduce(0) { $0 + $1.bytes }
        blobs.formUnion(gone)
        folders += paths.map(\.path)
        total -= bytes
        collection.lines.append(.init(what: what, bytes: bytes, at: time, seconds: seconds))
    }

    // MARK: What stays

    private func reason(_ entry: Inventory.Entry) -> String? {
        rules.kept[entry.record.key.hash.hex] ?? (entry.isLast && !rules.includesLast ? "last results of stages" : nil)
    }

    private func kept() -> [Collection.Kept] {
        var sums: [String: Int] = [:], counted: Set<ContentHash> = []
        // Reasons that the user gave come first.
        for isAsked in [true, false] {
            for entry in inventory.entries {
                guard let reason = reason(entry), (rules.kept[entry.record.key.hash.hex] != nil) == isAsked else {
                    continue
                }
                sums[reason, default: 0] += inventory.bytes(entry.blobs.filter { counted.insert($0).inserted })
            }
        }
        let checkpoints = inventory.checkpoints.filter(\.isOfLastRun).reduce(0) { $0 + $1.folder.bytes }
        if checkpoints > 0 { sums["checkpoints of the last run"] = checkpoints }
        return sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { .init(why: $0.key, bytes: $0.value) }
    }

    // MARK: Logs

    /// Runs without any remaining result.
    private var oldRuns: Set<String> {
        let living = Set(inventory.entries.filter { !records.contains($0.record.key) }.map(\.record.run))
        return Set(inventory.logs.map(\.run)).subtracting(living).subtracting(rules.keptRuns).subtracting([
            inventory.latestRun ?? ""
        ])
    }

    private mutating func removeLogs(of runs: Set<String>, down keep: Int?) {
        for (run, folder) in inventory.logs
        where runs.contains(run) && !goneLogs.contains(run) && run != inventory.latestRun {
            if let keep, total <= keep { return }
            goneLogs.insert(run)
            remove("log of run \(run)", at: folder.modifiedAt, seconds: 0, [], [folder])
        }
    }

    // MARK: By value

    private enum Candidate {
        case record(Int)
        /// Items of unfinished stages; the oldest is removed first.
        case looseItems
        case checkpoint(Inventory.Checkpoint)
    }

    private mutating func removeByValue(_ loose: [(hash: ContentHash, at: Double)], down keep: Int) {
        var candidates: [Candidate] = inventory.entries.indices.filter { reason(inventory.entries[$0]) == nil }.map {
            .record($0)
        }
        candidates += inventory.checkpoints.filter { !$0.isOfLastRun }.map { .checkpoint($0) }
        if !loose.isEmpty { candidates.append(.looseItems) }
        var places: [Int: Int] = [:], owners: [ContentHash: [Int]] = [:]
        for (place, candidate) in candidates.enumerated() {
            guard case .record(let index) = candidate else { continue }
            places[index] = place
            for hash in inventory.entries[index].blobs { owners[hash, default: []].append(place) }
        }
        var values = candidates.map(value)
        while total > keep, let place = best(candidates, values, owners) {
            // Earlier removals may have made it more expensive; then reconsider it later.
            let now = value(candidates[place])
            guard now <= values[place] || values[place] == .infinity else {
                values[place] = now
                continue
            }
            values[place] = .infinity
            switch candidates[place] {
            case .record(let index):
                for hash in take(index) {
                    // The last record that refers to a shared blob now frees it.
                    for other in owners[hash] ?? [] where values[other] < .infinity || isIdle(candidates[other]) {
                        values[other] = value(candidates[other])
                    }
                }
            case .looseItems:
                for item in loose where total > keep {
                    let seconds = prices.itemSeconds(inventory.bytes([item.hash]))
                    collection.seconds += seconds ?? 0
                    remove("an item of an unfinished stage", at: item.at, seconds: seconds, [item.hash])
                }
            case .checkpoint(let checkpoint):
                let name = checkpoint.note.map { "checkpoint of \($0.stage) of \($0.pipeline)" } ?? "checkpoint"
                collection.seconds += checkpoint.note?.seconds ?? 0
                remove(
                    name, at: checkpoint.folder.modifiedAt, seconds: checkpoint.note?.seconds, [], [checkpoint.folder])
            }
        }
    }

    /// The cheapest candidate; if none frees anything, one of a set that shares all its blobs only among itself.
    private func best(_ candidates: [Candidate], _ values: [Double], _ owners: [ContentHash: [Int]]) -> Int? {
        if let place = values.indices.min(by: { values[$0] < values[$1] }), values[place] < .infinity { return place }
        return candidates.indices.first { place in
            guard case .record(let index) = candidates[place], isIdle(candidates[place]) else { return false }
            return inventory.entries[index].blobs.contains { hash in
                let idle = (owners[hash] ?? []).count { isIdle(candidates[$0]) }
                return references[hash] == idle
            }
        }
    }

    /// Whether a record is still there. One that frees nothing has no value until its blobs are only its own.
    private func isIdle(_ candidate: Candidate) -> Bool {
        if case .record(let index) = candidate { !records.contains(inventory.entries[index].record.key) } else { false }
    }

    /// Removes a record.
    /// - Returns: blobs that only one record refers to now.
    private mutating func take(_ index: Int) -> [ContentHash] {
        let entry = inventory.entries[index]
        var gone: [ContentHash] = [], single: [ContentHash] = []
        for hash in entry.blobs {
            references[hash, default: 1] -= 1
            if references[hash] == 0 { gone.append(hash) } else if references[hash] == 1 { single.append(hash) }
        }
        let seconds = prices.seconds(index, gone: records)
        records.insert(entry.record.key)
        collection.seconds += entry.record.cost
        remove("\(entry.record.stage) of \(entry.record.pipeline)", at: entry.record.finishedAt, seconds: seconds, gone)
        return single
    }

    /// Seconds per byte freed; infinite if nothing is freed, and just below that if the cost is unknown.
    private func value(_ candidate: Candidate) -> Double {
        let unpriced = Double.greatestFiniteMagnitude
        switch candidate {
        case .record(let index):
            let freed = inventory.entries[index].blobs.reduce(0) {
                $0 + (references[$1] == 1 ? inventory.sizes[$1] ?? 0 : 0)
            }
            return freed > 0 ? prices.seconds(index, gone: records) / Double(freed) : .infinity
        case .looseItems: return prices.itemSecondsPerByte ?? unpriced
        case .checkpoint(let checkpoint):
            guard checkpoint.folder.bytes > 0 else { return .infinity }
            return checkpoint.note.map { $0.seconds / Double(checkpoint.folder.bytes) } ?? unpriced
        }
    }
}
