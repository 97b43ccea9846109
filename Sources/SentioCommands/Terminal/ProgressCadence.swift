/// When a stage that says how far it is gets a line where nothing can be drawn over: a log file, a cluster's output.
///
/// Never within half a minute of the last line or the start, so that short stages stay silent; then at each tenth of
/// the way, and where a tenth takes longer, every five minutes. A day of training is some 300 lines.
struct ProgressCadence: Equatable {
    static let least = 30.0, most = 300.0

    private var last = 0.0
    private var tenths = 0

    /// - parameter elapsed: seconds since the stage started.
    mutating func isDue(at elapsed: Double, done: Int, of total: Int) -> Bool {
        guard total > 0, done < total, elapsed - last >= Self.least else { return false }
        let reached = Int(10 * Double(done) / Double(total))
        guard reached > tenths || elapsed - last >= Self.most else { return false }
        (last, tenths) = (elapsed, max(tenths, reached))
        return true
    }
}
