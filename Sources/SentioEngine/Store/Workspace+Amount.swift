import SentioKit
import Synchronization

extension Workspace {
    /// The amount of data in an artifact, without decoding the lineage, which is most of a manifest.
    /// - Throws: `BlobStoreError`, `ManifestError`.
    func amount(_ hash: ContentHash) throws -> Amount {
        if let known = amounts.withLock({ $0[hash] }) { return known }
        // Reading needs only the hash.
        let amount = try Manifest.amount(encoded: try blobs.read(BlobReference(hash: hash, size: 0)))
        amounts.withLock { if $0.count < 10_000 { $0[hash] = amount } }
        return amount
    }
}
