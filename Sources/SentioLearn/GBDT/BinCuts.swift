/// The bins of one column: value v is in the bin whose number is how many cuts are <= v. A split after bin s is
/// `v < cuts[s]`, so predictions by thresholds are predictions by bins.
///
/// Cuts are values of the column, XGBoost's habit: the smallest of the bin to their right. Scaling a column by a power
/// of two scales them exactly.
struct BinCuts {
    /// Rising; one less than there are bins.
    let cuts: [Float]
    /// Whether some value is missing (NaN); such a column has one bin fewer than the others at most.
    let hasMissing: Bool

    /// The threshold of a split after bin `slot`. Where only missing values are on one side, it is above every value
    /// (after the last bin) or below (slot -1).
    func threshold(after slot: Int) -> Float {
        slot < 0 ? -.greatestFiniteMagnitude : slot < cuts.count ? cuts[slot] : .greatestFiniteMagnitude
    }

    /// Each distinct value gets its bin where they are few enough; otherwise bins of about equal counts, by exact
    /// ranks.
    ///
    /// - Parameter sorted: rising, no NaN.
    init(sorted: UnsafeBufferPointer<Float>, hasMissing: Bool, maxBins: Int) {
        self.hasMissing = hasMissing
        let bins = hasMissing ? min(maxBins, 255) : maxBins
        var cuts: [Float] = []
        // -0 and 0 are one value: comparisons, not bits.
        var few = true
        for index in sorted.indices.dropFirst() where sorted[index] != sorted[index - 1] {
            if cuts.count == bins - 1 {
                few = false
                break
            }
            cuts.append(sorted[index])
        }
        self.cuts = few ? cuts : BinCuts.quantiles(sorted, bins: bins)
    }

    /// Fills bins from the left, each to the count that the rest of the values would have a bin; a bin ends at the
    /// nearer change of value.
    private static func quantiles(_ sorted: UnsafeBufferPointer<Float>, bins: Int) -> [Float] {
        var cuts: [Float] = []
        var start = 0
        while cuts.count < bins - 1, start < sorted.count {
            let wanted = Double(sorted.count - start) / Double(bins - cuts.count)
            let middle = min(sorted.count - 1, start + Int(wanted.rounded()))
            let value = sorted[middle]
            let first = firstIndex(in: sorted, from: start) { $0 >= value }
            let next = firstIndex(in: sorted, from: middle) { $0 > value }
            // The change of value nearest to the wanted count, but never an empty bin.
            let target = Double(start) + wanted
            let end = first > start && target - Double(first) <= Double(next) - target ? first : next
            if end >= sorted.count { break }
            cuts.append(sorted[end])
            start = end
        }
        return cuts
    }

    private static func firstIndex(
        in sorted: UnsafeBufferPointer<Float>, from: Int, where isPast: (Float) -> Bool
    ) -> Int {
        var (low, high) = (from, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isPast(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
