import SentioBase
public import SentioKit

/// What `artifacts verify` found.
public struct Verification: Sendable, Equatable {
    /// Number of blobs that were read and hashed.
    public var blobs = 0
    /// Total size of these blobs in bytes.
    public var bytes = 0
    /// Blobs whose content does not match their name or cannot be read.
    public var damaged: [ContentHash] = []
    /// Those of them that could not be quarantined and are still in the store.
    public var inTheWay: Set<ContentHash> = []
    /// Links and files in the place of folders of the store.
    public var misplaced: [Misplaced] = []
    /// Blobs that a record refers to but that do not exist.
    public var missing: [ContentHash] = []
    /// Number of stage records.
    public var records = 0

    /// A link or a file in the place of a folder.
    public struct Misplaced: Sendable, Equatable {
        /// Its path.
        public let path: String
        /// `a symbolic link`, `a file`.
        public let kind: String
        /// Whether it was moved out of the store.
        public let isQuarantined: Bool
    }

    /// Whether nothing is wrong.
    public var isClean: Bool { damaged.isEmpty && missing.isEmpty && misplaced.isEmpty }
}

extension Workspace {
    /// Reads every blob and compares its content with its name, and checks that the blobs of every record exist.
    /// Damaged blobs are quarantined, so that the next run computes them again.
    /// - Throws: `BlobStoreError` if the records cannot be read, or the process runs out of descriptors or memory.
    public func verify(threads: Int) throws -> Verification {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        var result = Verification()
        for path in blobs.misplacedFolders() {
            let kind = WorkspaceFile.kind(of: path) ?? "a file"
            result.misplaced.append(
                .init(path: path, kind: kind, isQuarantined: blobs.quarantine(path, as: Hashing.content(path))))
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
                // An original song is in the user's folder, not in the store. If it was replaced, the store is still
                // intact.
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
