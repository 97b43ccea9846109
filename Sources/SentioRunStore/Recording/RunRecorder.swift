public import SentioKit
import Dispatch
import Foundation
import GRDB
import Synchronization

/// Writes a run's events into the run store: queued, and written in batches by one background queue.
///
/// `receive` only appends to a list. A batch is one transaction; it is written at once when the run starts and at most
/// 0.2 s after any other event. `finish` writes what is left and returns when it stands in the file. An error of the
/// store is reported once; from then on events are dropped, for a broken history must never break a run. A store that
/// another process keeps locked is tried again with the next batch.
public final class RunRecorder: RunEventSink {
    /// Reads the predictions that an outcome's artifacts hold. The outcome has only those `outputs` that were never
    /// asked about before; artifacts that hold no predictions are left out of the answer.
    public typealias PredictionReader =
        @Sendable (StageOutcome) throws -> [(artifact: ContentHash, rows: [ItemPrediction])]

    private let store: RunStore
    private let predictions: PredictionReader
    private let artifactTypes: @Sendable (StageOutcome) -> [String: String]
    private let report: @Sendable (String) -> Void
    private let interval: Double
    private let queue = DispatchQueue(label: "sentio.run-recorder")
    private let inbox = Mutex(Inbox())
    private let desk = Mutex(Desk())

    /// Touched by `receive`; held for moments.
    private struct Inbox {
        var events: [TimedEvent] = []
        var isScheduled = false
    }

    /// Touched only by whoever writes.
    private struct Desk {
        var writer = RunWriter()
        /// Events of a batch that found the store locked.
        var held: [TimedEvent] = []
        /// Why nothing is written any more.
        var broken: RunStoreError?
        /// Held while the run's history is written.
        var lock: RunLock?
    }

    /// - parameter predictions: reads the tables of scored songs; called off the engine's threads, once per artifact.
    /// - parameter artifactTypes: artifact type by output port, where known; called like `predictions`.
    /// - parameter interval: seconds between an event and the batch that holds it, at most.
    /// - parameter report: told, at most once of each kind, why the history is incomplete.
    public init(
        store: RunStore, interval: Double = 0.2,
        predictions: @escaping PredictionReader = { _ in [] },
        artifactTypes: @escaping @Sendable (StageOutcome) -> [String: String] = { _ in [:] },
        report: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.interval = interval
        self.predictions = predictions
        self.artifactTypes = artifactTypes
        self.report = report
    }

    public func receive(_ event: RunEvent) {
        var isUrgent = false
        switch event {
        case .stageProgress, .stageLog: return
        case .runStarted, .runFinished: isUrgent = true
        default: break
        }
        let timed = TimedEvent(event: event, at: Date().timeIntervalSince1970)
        let mustSchedule = inbox.withLock { inbox in
            inbox.events.append(timed)
            if inbox.isScheduled && !isUrgent { return false }
            inbox.isScheduled = true
            return true
        }
        if mustSchedule {
            queue.asyncAfter(deadline: .now() + (isUrgent ? 0 : interval)) { self.writeBatch(isLast: false) }
        }
    }

    /// Writes everything received so far; when it returns the events stand in the file or the error was reported.
    public func finish() {
        queue.sync { writeBatch(isLast: true) }
    }

    private func writeBatch(isLast: Bool) {
        let events = inbox.withLock { inbox in
            inbox.isScheduled = false
            defer { inbox.events = [] }
            return inbox.events
        }
        desk.withLock { desk in
            if let reason = desk.broken { return close(&desk, reason, events) }
            let batch = desk.held + events
            if batch.isEmpty { return }
            for case .runStarted(let run) in batch.lazy.map(\.event) where desk.lock == nil {
                desk.lock = store.probe.lock(run: run.id, storeAt: store.path)
            }
            var next = desk.writer
            do {
                let probe = store.probe
                try store.pool.write { db in
                    try next.beginBatch(db)
                    for event in batch { try next.write(event, probe: probe, db) }
                    try next.endBatch(at: batch.last?.at ?? 0, db)
                }
                desk.writer = next
                desk.held = []
                if next.isOver {
                    desk.lock?.release()
                    desk.lock = nil
                }
            } catch {
                let isLocked = (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
                if isLocked && !isLast {
                    desk.held = batch
                    return
                }
                let reason = RunStoreError(error, path: store.path)
                desk.broken = reason
                desk.lock?.note(RunLockNote(reason: "\(reason)"))
                report("The history of this run is incomplete. \(reason) The run itself goes on.")
                return close(&desk, reason, batch)
            }
            examine(&desk)
        }
    }

    /// Says how a run ended whose history had to stop: in the store, if that is possible by now, else where the next
    /// process that looks finds it.
    private func close(_ desk: inout Desk, _ reason: RunStoreError, _ events: [TimedEvent]) {
        guard let lock = desk.lock else { return }
        guard let run = desk.writer.run else {
            // The store does not know of it at all.
            lock.release()
            desk.lock = nil
            return
        }
        for case .runFinished(let outcome) in events.map(\.event) {
            let note = RunLockNote(reason: "\(reason)", status: outcome.status, seconds: outcome.seconds)
            lock.note(note)
            if (try? store.end(run, note)) != nil { lock.release() }
            desk.lock = nil
        }
    }

    /// Reads predictions of artifacts that the store has not seen. Outside the batch's transaction, since it reads
    /// files.
    private func examine(_ desk: inout Desk) {
        let waiting = desk.writer.unexamined, run = desk.writer.run
        desk.writer.unexamined = []
        for outcome in waiting {
            do {
                let types = artifactTypes(outcome)
                let found = try predictions(outcome)
                try store.pool.write { db in
                    try PredictionTable.insert(found, types: types, outcome: outcome, run: run, db)
                }
            } catch {
                let sentence =
                    (error as? DatabaseError).map { RunStoreError($0, path: store.path).description } ?? "\(error)"
                report("The predictions of stage `\(outcome.stage)` are missing from the history. \(sentence)")
            }
        }
    }
}

/// An event and when it came, in seconds since 1970.
struct TimedEvent: Sendable {
    let event: RunEvent
    let at: Double
}
