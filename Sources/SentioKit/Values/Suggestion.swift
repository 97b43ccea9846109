/// "Did you mean": the nearest name by edit distance.
public enum Suggestion {
    /// The candidate nearest to `name`; nil if more than a third of it would have to change. Candidates are abandoned
    /// early: 50,000 take a few milliseconds.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = scalars(name)
        guard name.utf8.count <= 100 else { return nil }
        var best: (name: String, distance: Int)?
        var rows = Rows(wanted.count)
        for candidate in candidates {
            // Of equally near candidates, the first in the alphabet is chosen.
            let limit = best?.distance ?? max(1, name.count / 3)
            guard let distance = rows.distance(wanted, scalars(candidate), limit: limit) else { continue }
            if let best, (best.distance, best.name) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// In lower case.
    private static func scalars(_ text: String) -> [UInt32] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            return text.utf8.map { (0x41...0x5A).contains($0) ? UInt32($0) + 32 : UInt32($0) }
        }
        return text.lowercased().unicodeScalars.map(\.value)
    }

    /// Three rows of the distance matrix, reused for each candidate.
    private struct Rows {
        private var before: [Int], previous: [Int], current: [Int]

        /// - Parameter count: length of the name that is compared.
        init(_ count: Int) {
            before = Array(repeating: 0, count: count + 1)
            previous = before
            current = before
        }

        /// The distance by optimal string alignment (insertions, deletions, substitutions and transpositions of
        /// neighbors); nil if it is more than `limit`.
        mutating func distance(_ a: [UInt32], _ b: [UInt32], limit: Int) -> Int? {
            guard abs(a.count - b.count) <= limit else { return nil }
            for j in 0...a.count { previous[j] = j }
            for i in 0..<b.count {
                current[0] = i + 1
                var least = i + 1
                for j in 0..<a.count {
                    var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[j] == b[i] ? 0 : 1))
                    if i > 0, j > 0, a[j] == b[i - 1], a[j - 1] == b[i] { best = min(best, before[j - 1] + 1) }
                    current[j + 1] = best
                    least = min(least, best)
                }
                // A transposition may still lower it, from the row above.
                guard least <= limit + 1 else { return nil }
                swap(&before, &previous)
                swap(&previous, &current)
            }
            return previous[a.count] <= limit ? previous[a.count] : nil
        }
    }
}
