import SentioBase

/// Parallel loops over rows in parts of fixed size.
enum RowParts {
    /// Rows per part. Independent of the number of threads, so that the sum over each part is too.
    static let size = 8192

    static func forEach(_ count: Int, threads: Int, _ body: (_ part: Int, _ range: Range<Int>) -> Void) {
        Parallel.forEachUnchecked((count + size - 1) / size, threads: threads) { index, _ in
            body(index, index * size..<min(count, (index + 1) * size))
        }
    }
}
