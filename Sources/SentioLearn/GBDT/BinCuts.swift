/// The bins of one column. The bin of a value v is the number of cuts <= v. A split after bin s is `v < cuts[s]`, so
/// predictions by thresholds equal predictions by bins.
///
/// As in XGBoost, cuts are values of the column: each is the smallest value of the bin to its right. Scaling a column
/// by a power of two scales its cuts exactly.
struct BinCuts {
    /// Ascending; one fewer than there are bins.
    let cuts: [Float]
    /// Whether any value is missing (NaN). Such a column has at most 255 bins, because one code means missing.
    let hasMissing: Bool

    /// The threshold of a split after bin `slot`. If one side has only missing values, it is above every value (after
    /// the last bin) or below every value (slot -1).
    func threshold(after slot: Int) -> Float {
        slot < 0 ? -.greatestFiniteMagnitude : slot < cuts.count ? cuts[slot] : .greatestFiniteMagnitude
    }

    /// One bin for each distinct value if there are few enough of them; otherwise bins of about equal counts, by exact
    /// ranks.
    ///
    /// - Parameter sorted: ascending, without NaN.
    init(sorted: UnsafeBufferPointer<Float>, hasMissing: Bool, maxBins: Int) {
        self.hasMissing = hasMissing
        let bins = hasMissing ? min(maxBins, 255) : maxBins
        var cuts: [Float] = []
        // Compares values, not bits: -0 and 0 are the same value.
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

    /// Fills bins from the left. Each aims at an equal share of the remaining values and ends at the nearest change of
    /// value.
    private static func quantiles(_ sorted: UnsafeBufferPointer<Float>, bins: Int) -> [Float] {
        var cuts: [Float] = []
        var start = 0
        while cuts.count < bins - 1, start < sorted.count {
            let wanted = Double(sorted.count - start) / Double(bins - cuts.count)
            let middle = min(sorted.count - 1, start + Int(wanted.rounded()))
            let value = sorted[middle]
            let first = firstIndex(in: sorted, from: start) { $0 >= value }
            let next = firstIndex(in: sorted, from: middle) { $0 > value }
            // The change of value nearest to the target, but never an empty bin.
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
