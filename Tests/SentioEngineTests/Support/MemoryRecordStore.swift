import SentioKit
import Synchronization

@testable import SentioEngine

/// The in-memory twin of the record store, for tests.
final class MemoryRecordStore: RecordStore {
    private struct State {
        var stages: [StageKey: StageRecord] = [:]
        var latest: [String: StageKey] = [:]
        var items: [ItemKey: ItemRecord] = [:]
    }
    private let state = Mutex(State())

    init() {}

    func stage(_ key: StageKey) -> StageRecord? { state.withLock { $0.stages[key] } }
    func latest(pipeline: String, stage: String) -> StageRecord? {
        state.withLock { state in state.latest[pipeline + "/" + stage].flatMap { state.stages[$0] } }
    }
    func latestKey(pipeline: String, stage: String) -> StageKey? {
        state.withLock { $0.latest[pipeline + "/" + stage] }
    }
    func store(_ record: StageRecord) {
        state.withLock {
            $0.stages[record.key] = record
            $0.latest[record.pipeline + "/" + record.stage] = record.key
        }
    }
    func recent(kind: String, atMost count: Int) -> [StageRecord] {
        state.withLock { state in
            Array(
                state.stages.values.filter { $0.parts.kind == kind }.sorted { $0.finishedAt > $1.finishedAt }.prefix(
                    count))
        }
    }
    func touch(_ record: StageRecord, pipeline: String, stage: String) {
        state.withLock { $0.latest[pipeline + "/" + stage] = record.key }
    }
    func item(_ key: ItemKey) -> ItemRecord? { state.withLock { $0.items[key] } }
    func store(_ record: ItemRecord, for key: ItemKey) { state.withLock { $0.items[key] = record } }
    func synchronize() {}
    func refresh() {}
}
