import SentioBase

/// Large sums and loops over rows in parts.
enum Lanes {
    /// Parts of 0..<count of this many elements, wherever threads are: sums a part are the same for every thread count.
    static let part = 8192

    static func forEachPart(_ count: Int, threads: Int, _ body: (_ part: Int, _ range: Range<Int>) -> Void) {
        Parallel.forEachUnchecked((count + part - 1) / part, threads: threads) { index, _ in
            body(index, index * part..<min(count, (index + 1) * part))
        }
    }
}
