import SentioKit

/// A digest of a stage's result, so that equal results are stored once. It is used only for the history, not as a cache
/// key.
///
/// Every part is preceded by its length and maps are sorted, so different results cannot produce the same bytes.
struct ResultDigest {
    private var bytes: [UInt8] = []

    static func of(_ outcome: StageOutcome) -> ContentHash {
        var digest = ResultDigest()
        digest.bytes.reserveCapacity(1024)
        digest.add(outcome.kind)
        digest.add(outcome.key.map { [$0.hash] } ?? [])
        digest.add(outcome.configuration) { digest, value in digest.add(value) }
        digest.add(outcome.inputs) { digest, hash in digest.add([hash]) }
        digest.add(outcome.outputs) { digest, hash in digest.add([hash]) }
        digest.add(outcome.metrics) { digest, value in digest.add(value.bitPattern) }
        digest.add(outcome.series) { digest, points in
            digest.add(UInt64(points.count))
            for point in points {
                digest.add(UInt64(bitPattern: Int64(point.step)))
                digest.add(point.value.bitPattern)
            }
        }
        return Hashing.content(digest.bytes)
    }

    private mutating func add(_ word: UInt64) { withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) } }

    private mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ hashes: [ContentHash]) {
        add(UInt64(hashes.count))
        for hash in hashes { bytes.append(contentsOf: hash.bytes) }
    }

    private mutating func add(_ value: Value) {
        switch value {
        case .null: bytes.append(0)
        case .bool(let flag): bytes.append(flag ? 1 : 2)
        case .int(let number):
            bytes.append(3)
            add(UInt64(bitPattern: Int64(number)))
        case .double(let number):
            bytes.append(4)
            add(number.bitPattern)
        case .string(let text):
            bytes.append(5)
            add(text)
        case .list(let values):
            bytes.append(6)
            add(UInt64(values.count))
            for value in values { add(value) }
        case .map(let entries):
            bytes.append(7)
            add(entries) { digest, value in digest.add(value) }
        }
    }

    private mutating func add<Content>(_ entries: [String: Content], _ body: (inout ResultDigest, Content) -> Void) {
        add(UInt64(entries.count))
        for (name, content) in entries.count > 1 ? entries.sorted(by: { $0.key < $1.key }) : Array(entries) {
            add(name)
            body(&self, content)
        }
    }
}
