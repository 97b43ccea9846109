import SentioKit

/// The items made so far: the same for every count, so that a larger count resumes from it.
struct SynthesisCheckpoint {
    static let name = "items.json"

    struct Item {
        /// The number of the candidate.
        let candidate: Int
        let blob: BlobReference
        /// The ratings that the ridge recovers, scaled.
        let heard: [Double]
    }

    var items: [Item] = []
    /// The next candidate to make.
    var next = 0
    /// Candidates that score below are dropped; nil: none are.
    var threshold: Double?

    init() {}

    func encoded() -> [UInt8] {
        let list = items.map { item -> Value in
            .list(
                [.int(item.candidate), .string(item.blob.hash.hex), .int(item.blob.size)]
                    + item.heard.map { .double($0) })
        }
        return Array(
            JSON.text(["items": .list(list), "next": .int(next), "threshold": threshold.map { .double($0) } ?? .null])
                .utf8)
    }

    /// Nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes), let list = value["items"]?.list, let next = value["next"]?.int,
            next >= 0
        else {
            return nil
        }
        for entry in list {
            guard let parts = entry.list, parts.count >= 3, let candidate = parts[0].int,
                (0..<next).contains(candidate),
                let hash = parts[1].string.flatMap({ ContentHash(hex: $0) }), let size = parts[2].int, size >= 0
            else { return nil }
            items.append(
                Item(
                    candidate: candidate, blob: BlobReference(hash: hash, size: size),
                    heard: parts.dropFirst(3).compactMap(\.double)))
        }
        self.next = next
        threshold = value["threshold"]?.double
    }
}
