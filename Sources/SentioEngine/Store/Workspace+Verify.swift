public import SentioKit

/// What `artifacts verify` found.
public struct Verification: Sendable, Equatable {
    /// Blobs whose content was read and hashed.
    public var blobs = 0
    public var bytes = 0
    /// Blobs whose content is not what their name says; set aside by the check.
    public var damaged: [ContentHash] = []
    /// Blobs that a record names and that are not there.
    public var missing: [ContentHash] = []
    public var records = 0

    public var isClean: Bool { damaged.isEmpty && missing.isEmpty }
}

extension Workspace {
    /// Reads every blob and compares its content with its name, and every record with the blobs it names.
    /// Damaged blobs are moved out of the store, so that the next run makes them again.
    public func verify(threads: Int) throws -> Verification {
        var result = Verification()
        let all = blobs.all()
        result.blobs = all.count
        result.bytes = all.reduce(0) { $0 + $1.size }
        let outcomes = Gathered<ContentHash>()
        WorkThreads.forEach(count: all.count, threads: threads) { index in
            if (try? self.blobs.read(all[index])) == nil { outcomes.add(all[index].hash) }
        }
        result.damaged = outcomes.values.sorted()
        registerKnownSources()
        var named: Set<BlobReference> = []
        for record in try records.allStages() {
            result.records += 1
            for output in record.outputs.values {
                named.insert(output)
                guard let manifest = try? manifest(output) else { continue }
                // An original song lies in the user's folder, not in the store: replacing it is no fault of the store.
                for entry in manifest.entries where !entry.sources.contains(entry.blob.hash) { named.insert(entry.blob) }
            }
        }
        named.formUnion(try records.allItemBlobs())
        let damaged = Set(result.damaged)
        result.missing = named.filter { !blobs.contains($0) && !damaged.contains($0.hash) }.map(\.hash).sorted()
        return result
    }
}
