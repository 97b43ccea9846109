public import SentioKit
import Synchronization

/// A record store in memory, for tests.
public final class MemoryRecordStore: RecordStore {
    private struct State {
        var stages: [StageKey: StageRecord] = [:]
        var latest: [String: StageKey] = [:]
        var items: [ItemKey: ItemRecord] = [:]
    }
    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// See `RecordStore`.
    public func stage(_ key: StageKey) -> StageRecord? { state.withLock { $0.stages[key] } }
    /// See `RecordStore`.
    public func latest(pipeline: String, stage: String) -> StageRecord? {
        state.withLock { state in state.latest[pipeline + "/" + stage].flatMap { state.stages[$0] } }
    }
    /// See `RecordStore`.
    public func latestKey(pipeline: String, stage: String) -> StageKey? {
        state.withLock { $0.latest[pipeline + "/" + stage] }
    }
    /// See `RecordStore`.
    public func store(_ record: StageRecord) {
        state.withLock {
            $0.stages[record.key] = record
            $0.latest[record.pipeline + "/" + record.stage] = record.key
        }
    }
    /// See `RecordStore`.
    public func recent(kind: String, atMost count: Int) -> [StageRecord] {
        state.withLock { state in
            Array(
                state.stages.values.filter { $0.parts.kind == kind }.sorted { $0.finishedAt > $1.finishedAt }.prefix(
                    count))
        }
    }
    /// See `RecordStore`.
    public func touch(_ record: StageRecord, pipeline: String, stage: String) {
        state.withLock { $0.latest[pipeline + "/" + stage] = record.key }
    }
    /// See `RecordStore`.
    public func item(_ key: ItemKey) -> ItemRecord? { state.withLock { $0.items[key] } }
    /// See `RecordStore`.
    public func store(_ record: ItemRecord, for key: ItemKey) { state.withLock { $0.items[key] = record } }
    /// Does nothing.
    public func synchronize() {}
    /// Does nothing.
    public func refresh() {}
}
