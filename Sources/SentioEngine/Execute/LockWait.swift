import SentioBase
import SentioKit

/// Waits for what another process holds: tries ten times a second, reports once whom it waits for, and gives up when
/// the user's limit is reached.
struct LockWait {
    /// The stage that needs it.
    let stage: String
    let waiting: Waiting
    let hub: EventHub
    let cancellation: Cancellation

    /// - parameters:
    ///   - what: is held, with a verb: "The stage `a` is".
    ///   - verb: what a run does that holds it: "being run".
    ///   - activity: the same for the report: "runs the same stage".
    ///   - attempt: nil while another process holds it.
    /// - returns: nil if the run is cancelled first.
    /// - throws: `LockNotObtained` after the time that `waiting` allows; what `attempt` throws.
    func take<Lock>(
        _ what: String, _ verb: String, _ activity: String, holder: () -> LockHolder, attempt: () throws -> Lock?
    ) throws -> Lock? {
        let stopwatch = Stopwatch()
        var limit: Double?, isSaid = false, looks = 0
        while true {
            if let lock = try attempt() { return lock }
            let waited = stopwatch.seconds
            // The holder is looked up seldom: if its run was killed, that means to go through every process.
            if looks < 3 || looks % 20 == 0 || limit.map({ waited >= $0 }) ?? false {
                let holder = holder()
                // A twin of a stage in this very run is waited for without limit: its result serves both. A holder
                // signs a moment after it has taken the lock, so only the second look tells whose it is.
                if !holder.isOurs, looks > 0 {
                    limit = waiting.limit(isOrphan: holder.isOrphaned)
                    if let limit, waited >= limit {
                        throw LockNotObtained(
                            what: what, verb: verb, holder: holder.text, waited: waiting == .never ? nil : waited,
                            isOrphan: holder.isOrphaned)
                    }
                    if !isSaid { hub.emit(.warning(stage: stage, sentence: sentence(holder, activity, limit))) }
                    isSaid = true
                }
            }
            if cancellation.isCancelled { return nil }
            looks += 1
            usleep(100_000)
        }
    }

    private func sentence(_ holder: LockHolder, _ activity: String, _ limit: Double?) -> String {
        let most = limit.map { ", at most \(DurationText.limit($0)) (--wait)" } ?? ""
        return holder.isOrphaned
            ? "Waiting for \(holder.text): it may still write to the same outputs\(most)."
            : "Waiting for \(holder.text), which \(activity)\(most)."
    }
}
