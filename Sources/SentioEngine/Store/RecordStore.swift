package import SentioKit
import Synchronization

/// Records of stages and items. `MemoryRecordStore` stands in for it in tests.
package protocol RecordStore: Sendable {
    /// The record of a key; nil if there is none.
    func stage(_ key: StageKey) throws -> StageRecord?
    /// The record of the last key of a stage in a pipeline.
    func latest(pipeline: String, stage: String) throws -> StageRecord?
    /// The last key of a stage in a pipeline, without reading the record.
    func latestKey(pipeline: String, stage: String) throws -> StageKey?
    /// Records of stages of a kind, the newest first.
    func recent(kind: String, atMost count: Int) throws -> [StageRecord]
    /// Stores a record as the last one of its stage.
    func store(_ record: StageRecord) throws
    /// Makes an existing record the last one of a stage.
    func touch(_ record: StageRecord, pipeline: String, stage: String) throws
    /// The record of an item; nil if there is none.
    func item(_ key: ItemKey) throws -> ItemRecord?
    /// Stores the record of an item.
    func store(_ record: ItemRecord, for key: ItemKey) throws
    /// Makes everything stored durable.
    func synchronize() throws
    /// Reads what other processes have stored.
    func refresh() throws
}

/// What one finished item left behind.
package enum ItemRecord: Sendable, Equatable {
    /// The result, with the warnings of the worker, which are repeated on a cache hit.
    case output(BlobReference, warnings: [String] = [])
    /// The item fails with this message; stored only for stages that skip failed items.
    case failure(String)
}

/// Records in two append-only logs below `actions/`.
package final class FileRecordStore: RecordStore {
    private let stages: RecordLog
    private let items: RecordLog
    private let decoded = Mutex<[StageKey: (payload: [UInt8], record: StageRecord)]>([:])

    init(root: String) {
        stages = RecordLog(path: root + "/stages.log")
        items = RecordLog(path: root + "/items.log")
    }

    /// The record of a key; nil if there is none that this version can read.
    /// - Throws: `BlobStoreError`.
    package func stage(_ key: StageKey) throws -> StageRecord? {
        guard let payload = try stages.payload(key.hash) else { return nil }
        // A record that was decoded ahead is valid only for the bytes that the log has now.
        if let ahead = decoded.withLock({ $0[key] }), ahead.payload == payload { return ahead.record }
        return StageRecord(key: key, encoded: payload)
    }

    /// Decodes the last records of stages in the background, so that a run finds them ready.
    func decodeAhead(atMost count: Int) -> [StageRecord] {
        guard let keys = try? stages.latestKeys(atMost: count) else { return [] }
        return keys.compactMap { hash in
            let key = StageKey(hash)
            guard let payload = try? stages.payload(hash), let record = StageRecord(key: key, encoded: payload) else {
                return nil
            }
            decoded.withLock { $0[key] = (payload, record) }
            return record
        }
    }

    /// The record of the last key of a stage in a pipeline.
    package func latest(pipeline: String, stage: String) throws -> StageRecord? {
        try latestKey(pipeline: pipeline, stage: stage).flatMap { try self.stage($0) }
    }

    /// The last key of a stage in a pipeline.
    package func latestKey(pipeline: String, stage: String) throws -> StageKey? {
        try stages.latest(label: Self.label(pipeline, stage)).map { StageKey($0) }
    }

    /// Records of a kind, the newest first.
    package func recent(kind: String, atMost count: Int) throws -> [StageRecord] {
        // As `StageRecord.encoded` writes it. Decoding a record takes a thousand times longer than searching for this.
        let needle = Array(#"kind":\#(JSON.text(.string(kind)))"#.utf8)
        return try stages.newest(having: needle, atMost: count).compactMap { hash, payload in
            StageRecord(key: StageKey(hash), encoded: payload).flatMap { $0.parts.kind == kind ? $0 : nil }
        }
    }

    /// Stores a record durably, after the items that it rests on.
    package func store(_ record: StageRecord) throws {
        try items.synchronize()
        try stages.append(record.key.hash, label: Self.label(record.pipeline, record.stage), payload: record.encoded)
        try stages.synchronize()
    }

    /// Makes an existing record the last one of a stage.
    package func touch(_ record: StageRecord, pipeline: String, stage: String) throws {
        try stages.touch(record.key.hash, label: Self.label(pipeline, stage))
    }

    /// The record of an item; nil if there is none that this version can read.
    package func item(_ key: ItemKey) throws -> ItemRecord? {
        guard let payload = try items.payload(key.hash) else { return nil }
        let text = String(decoding: payload, as: UTF8.self)
        if text.hasPrefix("!") { return .failure(JSON.unescapedLine(String(text.dropFirst()))) }
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, let hash = ContentHash(hex: parts[0]), let size = Int(parts[1]), size >= 0 else {
            return nil
        }
        let warnings = parts.count > 2 ? (try? JSON.parse(String(parts[2])))?.list?.compactMap(\.string) : []
        return warnings.map { .output(BlobReference(hash: hash, size: size), warnings: $0) }
    }

    /// Stores the record of an item. It is durable after `synchronize()`.
    package func store(_ record: ItemRecord, for key: ItemKey) throws {
        let payload =
            switch record {
            case .output(let blob, let warnings):
                "\(blob.hash.hex) \(blob.size)"
                    + (warnings.isEmpty ? "" : " " + JSON.text(.list(warnings.map(Value.string))))
            case .failure(let sentence): "!" + JSON.text(.string(sentence))
            }
        try items.append(key.hash, payload: Array(payload.utf8))
    }

    /// Makes everything stored durable.
    package func synchronize() throws {
        try items.synchronize()
        try stages.synchronize()
    }

    /// Reads what other processes have stored.
    package func refresh() throws {
        try stages.refresh()
        try items.refresh()
    }

    /// All valid stage records, unordered.
    func allStages() throws -> [StageRecord] {
        try stages.all().compactMap { StageRecord(key: StageKey($0.key), encoded: $0.payload) }
    }

    /// The last key of each stage of each pipeline.
    func latestStages() throws -> Set<StageKey> { Set(try stages.latestKeys(atMost: .max).map { StageKey($0) }) }

    /// Keys and outputs of all item records.
    func allItems() throws -> [(key: ItemKey, blob: BlobReference)] {
        try items.all().compactMap { entry in
            guard case .output(let blob, _)? = try item(ItemKey(entry.key)) else { return nil }
            return (ItemKey(entry.key), blob)
        }
    }

    /// Removes records, so that their results count as never computed.
    /// - Precondition: no other process writes records meanwhile.
    func remove(stages gone: Set<StageKey>, items goneItems: Set<ItemKey>, temporary: () -> String) throws {
        if !gone.isEmpty { try stages.remove({ gone.contains(StageKey($0)) }, temporary: temporary()) }
        if !goneItems.isEmpty { try items.remove({ goneItems.contains(ItemKey($0)) }, temporary: temporary()) }
        decoded.withLock { $0 = [:] }
    }

    /// Outputs of all item records, unordered.
    func allItemBlobs() throws -> [BlobReference] {
        try items.all().compactMap { entry in
            guard case .output(let blob, _)? = try item(ItemKey(entry.key)) else { return nil }
            return blob
        }
    }

    private static func label(_ pipeline: String, _ stage: String) -> UInt64 {
        Hashing.content(pipeline + "\0" + stage).leadingBits | 1
    }
}

extension JSON {
    fileprivate static func unescapedLine(_ text: String) -> String { (try? parse(text))?.string ?? text }
}
