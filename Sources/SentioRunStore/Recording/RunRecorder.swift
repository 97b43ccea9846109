public import SentioKit
import Dispatch
import Foundation
import GRDB
import Synchronization

/// Writes the events of a run to the run store, in batches on one background queue.
///
/// `receive` only appends to a list. A batch is one transaction, written immediately when the run starts or ends and at
/// most `interval` seconds after any other event. `finish` writes the rest and returns when it is stored. If the store
/// fails, this is reported once and later events are dropped: a broken history must never stop a run. If another
/// process holds the lock, the events are retried with the next batch.
public final class RunRecorder: RunEventSink {
    /// Reads the predictions in an outcome's artifacts. The outcome lists only `outputs` that have not been examined
    /// before; artifacts without predictions are omitted from the result.
    public typealias PredictionReader =
        @Sendable (StageOutcome) throws -> [(artifact: ContentHash, rows: [ItemPrediction])]

    private let store: RunStore
    private let predictions: PredictionReader
    private let artifactTypes: @Sendable (StageOutcome) -> [String: String]
    private let report: @Sendable (String) -> Void
    private let interval: Double
    private let queue = DispatchQueue(label: "sentio.run-recorder")
    private let inbox = Mutex(Inbox())
    private let state = Mutex(WriterState())

    /// Events that wait for a batch. Locked only briefly, because `receive` runs on the engine's threads.
    private struct Inbox {
        var events: [TimedEvent] = []
        var isScheduled = false
    }

    /// State of the writer.
    private struct WriterState {
        var writer = RunWriter()
        /// Events of a batch that could not be written because the store was locked.
        var held: [TimedEvent] = []
        /// The error after which nothing is written.
        var failure: RunStoreError?
        /// The lock of the run, held while its history is written.
        var lock: RunLock?
    }

    /// - Parameter predictions: reads the tables of scored songs; called off the engine's threads, once per artifact.
    /// - Parameter artifactTypes: artifact type by output port, where known; called like `predictions`.
    /// - Parameter interval: maximum time in seconds between an event and the batch that contains it.
    /// - Parameter report: called, at most once per kind of problem, with the reason why the history is incomplete.
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

    /// Queues an event; returns without waiting for the store.
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

    /// Writes all events received so far; on return they are stored, or the error has been reported.
    public func finish() {
        queue.sync { writeBatch(isLast: true) }
    }

    private func writeBatch(isLast: Bool) {
        let events = inbox.withLock { inbox in
            inbox.isScheduled = false
            defer { inbox.events = [] }
            return inbox.events
        }
        state.withLock { state in
            if let reason = state.failure { return close(&state, reason, events) }
            let batch = state.held + events
            if batch.isEmpty { return }
            for case .runStarted(let run) in batch.lazy.map(\.event) where state.lock == nil {
                state.lock = store.probe.lock(run: run.id, storeAt: store.path)
            }
            var next = state.writer
            do {
                let probe = store.probe
                try store.pool.write { db in
                    try next.beginBatch(db)
                    for event in batch { try next.write(event, probe: probe, db) }
                    try next.endBatch(at: batch.last?.at ?? 0, db)
                }
                state.writer = next
                state.held = []
                if next.isOver {
                    state.lock?.release()
                    state.lock = nil
                }
            } catch {
                let isLocked = (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
                if isLocked && !isLast {
                    state.held = batch
                    return
                }
                let reason = RunStoreError(error, path: store.path)
                state.failure = reason
                state.lock?.note(RunLockNote(reason: "\(reason)"))
                report("The history of this run is incomplete. \(reason) The run itself continues.")
                return close(&state, reason, batch)
            }
            recordPredictions(&state)
        }
    }

    /// Records the end of a run whose history had to stop: in the store, if that is possible by now, else in the lock
    /// file for the next process.
    private func close(_ state: inout WriterState, _ reason: RunStoreError, _ events: [TimedEvent]) {
        guard let lock = state.lock else { return }
        guard let run = state.writer.run else {
            // The store has no row for the run.
            lock.release()
            state.lock = nil
            return
        }
        for case .runFinished(let outcome) in events.map(\.event) {
            let note = RunLockNote(reason: "\(reason)", status: outcome.status, seconds: outcome.seconds)
            lock.note(note)
            if (try? store.end(run, note)) != nil { lock.release() }
            state.lock = nil
        }
    }

    /// Reads and stores predictions of artifacts that have not been examined. Outside the batch's transaction, because
    /// it reads files.
    private func recordPredictions(_ state: inout WriterState) {
        let waiting = state.writer.unexamined, run = state.writer.run
        state.writer.unexamined = []
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

/// An event and its time in seconds since 1970.
struct TimedEvent: Sendable {
    let event: RunEvent
    let at: Double
}
