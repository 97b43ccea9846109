import SentioKit
import SentioSpec

extension Planner.Inputs {
    /// How much the sources hold, by `PortMap.key(ofSource:)`.
    var sourceAmounts: [String: Amount] {
        var found: [String: Amount] = [:]
        for (name, listing) in sources {
            let bytes = listing.files.reduce(0.0) { $0 + Double($1.blob.size) }
            found[PortMap<Amount>.key(ofSource: name)] = Amount(items: Double(listing.files.count), bytes: bytes)
        }
        return found
    }

    /// How much all inputs hold; nil if a manifest cannot be read.
    func amounts(_ workspace: Workspace) -> [String: Amount]? {
        var found: [String: Amount] = [:]
        for (port, blob) in artifacts {
            guard let amount = try? workspace.amount(blob.hash) else { return nil }
            found[port] = amount
        }
        return found.merging(sourceAmounts) { own, _ in own }
    }
}
