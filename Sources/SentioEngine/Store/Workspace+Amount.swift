import SentioKit
import Synchronization

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
