import SentioBase
public import SentioKit

/// What `artifacts verify` found.
public struct Verification: Sendable, Equatable {
    /// Blobs whose content was read and hashed.
    public var blobs = 0
    public var bytes = 0
    /// Blobs whose content is not what their name says, or cannot be read.
    public var damaged: [ContentHash] = []
    /// Those of them that could not be moved out of the store: they are still in the way.
    public var inTheWay: Set<ContentHash> = []
    /// Links and files in the place of folders of the store, with whether they were moved away.
    public var misplaced: [Misplaced] = []
    /// Blobs that a record names and that are not there.
    public var missing: [ContentHash] = []
    public var records = 0

    public struct Misplaced: Sendable, Equatable {
        public let path: String
        public let kind: String
        public let isSetAside: Bool
    }

    public var isClean: Bool { damaged.isEmpty && missing.isEmpty && misplaced.isEmpty }
}

extension Workspace {
    /// Reads every blob and compares its content with its name, and every record with the blobs it names.
    /// Damaged blobs are moved out of the store, so that the next run makes them again.
    /// - throws: `BlobStoreError` where the records cannot be read, or the process lacks what it takes to read the
    ///   blobs.
    public func verify(threads: Int) throws -> Verification {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        var result = Verification()
        for path in blobs.misplacedFolders() {
            let kind = WorkspaceFile.kind(of: path) ?? "a file"
            result.misplaced.append(
                .init(path: path, kind: kind, isSetAside: blobs.setAside(path, as: Hashing.content(path))))
        }
        let all = try blobs.all()
        result.blobs = all.count
        result.bytes = all.reduce(0) { $0 + $1.size }
        let outcomes = Gathered<ContentHash>(), failures = Gathered<BlobStoreError>()
        Parallel.forEach(all.count, threads: threads) { index in
            do { _ = try self.blobs.read(all[index]) } catch let error as BlobStoreError where error.lostBlob == nil {
                failures.add(error)
            } catch { outcomes.add(all[index].hash) }
        }
        if let failure = failures.values.first { throw failure }
        result.damaged = outcomes.values.sorted()
        result.inTheWay = Set(result.damaged.filter { Files.exists(blobs.place($0)) })
        registerKnownSources()
        var named: Set<BlobReference> = []
        for record in try records.allStages() {
            result.records += 1
            for output in record.outputs.values {
                named.insert(output)
                guard let manifest = try? manifest(output) else { continue }
                // An original song lies in the user's folder, not in the store: replacing it is no fault of the store.
                for entry in manifest.entries where !entry.sources.contains(entry.blob.hash) {
                    named.insert(entry.blob)
                }
            }
        }
        named.formUnion(try records.allItemBlobs())
        let damaged = Set(result.damaged)
        result.missing = named.filter { !blobs.contains($0) && !damaged.contains($0.hash) }.map(\.hash).sorted()
        return result
    }
}
