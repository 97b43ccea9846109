/// Decides when a stage reports progress where lines cannot be redrawn: in a log file, or in a cluster's output.
///
/// Never within half a minute of the last line or the start, so short stages stay silent; then at each tenth of the
/// work and, if a tenth takes longer, every five minutes. A day of training prints about 300 lines.
struct ProgressCadence: Equatable {
    /// Shortest and longest time between two lines, in seconds.
    static let minimumInterval = 30.0, maximumInterval = 300.0

    private var last = 0.0
    private var tenths = 0

    /// Whether to print a line now.
    /// - Parameter elapsed: seconds since the stage started.
    mutating func isDue(at elapsed: Double, done: Int, of total: Int) -> Bool {
        guard total > 0, done < total, elapsed - last >= Self.minimumInterval else { return false }
        let reached = Int(10 * Double(done) / Double(total))
        guard reached > tenths || elapsed - last >= Self.maximumInterval else { return false }
        (last, tenths) = (elapsed, max(tenths, reached))
        return true
    }
}
