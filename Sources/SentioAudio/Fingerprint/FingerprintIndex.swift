/// Finds the pairs of one recording among many clips without comparing every pair.
///
/// An inverted index maps both halves of each word (16 bits) to the frames that have them. Frames with a common half
/// vote for a clip and an offset; only offsets with several votes are compared. Copies with noise at 10 dB have dozens
/// of votes, unrelated clips rarely four. A run of equal halves, as of a held tone, counts once.
///
/// Memory: 16 bytes a frame, about 31 kB for a clip of 45 s with its fingerprint, and half a byte a frame for each
/// thread. Deterministic; thread-safe with a `Workspace` for each thread.
public struct FingerprintIndex: Sendable {
    /// The clips, in the order given.
    public let fingerprints: [AcousticFingerprint]
    /// What decides about candidates.
    public let comparison: FingerprintComparison

    /// First frame of each clip when all are laid end to end, and the number of all frames.
    private let starts: [Int]
    /// Where the frames of each key begin in `postings`.
    private let lists: [Int]
    /// Frames by key, ascending within each.
    private let postings: [UInt32]
    private let longest: Int
    /// Halves that more frames have tell nothing and are passed over.
    private let mostPostings: Int

    private static let keys = 1 << 17
    /// Votes from which an offset is compared.
    private static let leastVotes: UInt8 = 4

    /// Memory of one thread.
    public final class Workspace {
        fileprivate var votes: [UInt8]
        fileprivate init(cells: Int) { votes = [UInt8](repeating: 0, count: cells) }
    }

    /// - Precondition: fewer than 2^32 frames in all.
    public init(_ fingerprints: [AcousticFingerprint], comparison: FingerprintComparison = FingerprintComparison()) {
        self.fingerprints = fingerprints
        self.comparison = comparison
        var starts = [0]
        for fingerprint in fingerprints { starts.append(starts[starts.count - 1] + fingerprint.count) }
        let total = starts[starts.count - 1]
        precondition(total < 1 << 32, "An index of fingerprints holds at most 2^32 frames, not \(total).")
        self.starts = starts
        longest = fingerprints.map(\.count).max() ?? 0
        mostPostings = max(4096, total / 64)
        var lists = [Int](repeating: 0, count: Self.keys + 1)
        for fingerprint in fingerprints { Self.forEachKey(of: fingerprint) { key, _ in lists[key + 1] += 1 } }
        for key in 0..<Self.keys { lists[key + 1] += lists[key] }
        var postings = [UInt32](repeating: 0, count: lists[Self.keys])
        var next = lists
        for (start, fingerprint) in zip(starts, fingerprints) {
            Self.forEachKey(of: fingerprint) { key, frame in
                postings[next[key]] = UInt32(start + frame)
                next[key] += 1
            }
        }
        self.lists = lists
        self.postings = postings
    }

    /// Memory for `pairs(of:_:)`.
    public func makeWorkspace() -> Workspace {
        Workspace(cells: ((starts.last ?? 0) + longest) / 2 + 1)
    }

    /// All pairs, by their second clip, then their first.
    public func pairs() -> [FingerprintPair] {
        let workspace = makeWorkspace()
        return fingerprints.indices.flatMap { pairs(of: $0, workspace) }
    }

    /// The pairs of a clip with earlier ones in the list, in order.
    /// - Precondition: the clip is in the list; the workspace comes from this index.
    public func pairs(of second: Int, _ workspace: Workspace) -> [FingerprintPair] {
        candidates(of: second, workspace).sorted { $0.key < $1.key }.compactMap { first, offsets in
            comparison.match(fingerprints[first], fingerprints[second], near: offsets.sorted()).map {
                FingerprintPair(first: first, second: second, match: $0)
            }
        }
    }

    /// Offsets with enough votes, by earlier clip. A cell of votes has two adjacent offsets.
    private func candidates(of second: Int, _ workspace: Workspace) -> [Int: Set<Int>] {
        let limit = starts[second]
        guard limit > 0 else { return [:] }
        var found: Set<Int> = []
        var candidates: [Int: Set<Int>] = [:]
        workspace.votes.withUnsafeMutableBufferPointer { votes in
            votes.update(repeating: 0)
            postings.withUnsafeBufferPointer { postings in
                Self.forEachKey(of: fingerprints[second]) { key, frame in
                    let range = lists[key]..<lists[key + 1]
                    guard range.count <= mostPostings else { return }
                    for place in range {
                        let other = Int(postings[place])
                        if other >= limit { break }
                        let cell = (other - frame + longest) >> 1
                        if votes[cell] < .max { votes[cell] += 1 }
                        guard votes[cell] >= Self.leastVotes else { continue }
                        // The last frames of one clip and the first of the next may share a cell.
                        let first = clip(of: other)
                        guard found.insert(first << 32 | cell).inserted else { continue }
                        let offset = 2 * cell - longest - starts[first]
                        candidates[first, default: []].formUnion([offset, offset + 1])
                    }
                }
            }
        }
        return candidates
    }

    /// The clip that a frame belongs to, by binary search.
    private func clip(of frame: Int) -> Int {
        var low = 0, high = fingerprints.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= frame { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The halves of all words that sound, at the first frame of each run of equal ones.
    private static func forEachKey(of fingerprint: AcousticFingerprint, _ body: (_ key: Int, _ frame: Int) -> Void) {
        var before = (-1, -1)
        for frame in fingerprint.words.indices {
            guard fingerprint.masks[frame] != 0 else {
                before = (-1, -1)
                continue
            }
            let word = fingerprint.words[frame]
            let halves = (Int(word & 0xFFFF), Int(word >> 16) | 1 << 16)
            if halves.0 != before.0 { body(halves.0, frame) }
            if halves.1 != before.1 { body(halves.1, frame) }
            before = halves
        }
    }
}
