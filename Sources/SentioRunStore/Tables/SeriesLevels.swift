import Foundation
import GRDB
import SentioKit

/// Stored levels of detail of long series: buckets of 16 points, of 64, of 256 and so on, so that a series of a million
/// points is read at screen resolution. A level is one blob; the exact points are kept.
///
/// Levels are written once, when the stage is settled. A series without levels (short, or of a running stage) is read
/// point by point: levels affect only the speed of reading, not the result.
enum SeriesLevels {
    /// Series with at most this many points have no levels.
    static let minimumPoints = 512
    static let firstSpan = 16
    static let factor = 4
    /// The coarsest level has at most this many buckets.
    static let coarsestBuckets = 64
    /// Size of an encoded bucket: six little-endian words of 8 bytes.
    static let bucketBytes = 48

    /// Writes the levels of a series; does nothing for a short one.
    /// - Parameter points: all points, in order of their steps.
    static func store(_ points: [SeriesPoint], series: Int64, _ db: Database) throws {
        guard points.count > minimumPoints else { return }
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO series_levels (series, span, points, buckets) VALUES (?, ?, ?, ?)")
        var span = firstSpan
        var buckets = merged(points.map { SeriesBucket(step: $0.step, value: $0.value) }, by: firstSpan)
        while true {
            try statement.execute(arguments: [series, span, points.count, encoded(buckets)])
            if buckets.count <= coarsestBuckets { return }
            buckets = merged(buckets, by: factor)
            span *= factor
        }
    }

    /// Merges neighbors, `count` at a time.
    static func merged(_ buckets: [SeriesBucket], by count: Int) -> [SeriesBucket] {
        var result: [SeriesBucket] = []
        result.reserveCapacity(buckets.count / count + 1)
        for (index, bucket) in buckets.enumerated() {
            if index % count == 0 { result.append(bucket) } else { result[result.count - 1].append(bucket) }
        }
        return result
    }

    /// The exact points.
    static func points(of series: Int64, _ db: Database) throws -> [SeriesPoint] {
        var points: [SeriesPoint] = []
        let statement = try db.cachedStatement(
            sql: "SELECT step, value FROM series_points WHERE series = ? ORDER BY step")
        let rows = try Row.fetchCursor(statement, arguments: [series])
        while let row = try rows.next() { points.append(SeriesPoint(step: row[0], value: row[1] ?? .nan)) }
        return points
    }

    static func encoded(_ buckets: [SeriesBucket]) -> Data {
        var data = Data(capacity: buckets.count * bucketBytes)
        func add(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
        for bucket in buckets {
            add(UInt64(bitPattern: Int64(bucket.firstStep)))
            add(UInt64(bitPattern: Int64(bucket.lastStep)))
            add(UInt64(bucket.count))
            for value in [bucket.minimum, bucket.maximum, bucket.mean] { add(value.bitPattern) }
        }
        return data
    }

    /// - Returns: nil if the data is not a sequence of buckets.
    static func decoded(_ data: Data) -> [SeriesBucket]? {
        guard data.count % bucketBytes == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            (0..<data.count / bucketBytes).map { index in
                func word(_ position: Int) -> UInt64 {
                    UInt64(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: index * bucketBytes + position * 8, as: UInt64.self))
                }
                func step(_ position: Int) -> Int { Int(truncatingIfNeeded: Int64(bitPattern: word(position))) }
                func value(_ position: Int) -> Double { Double(bitPattern: word(position)) }
                return SeriesBucket(
                    firstStep: step(0), lastStep: step(1), count: step(2), minimum: value(3), maximum: value(4),
                    mean: value(5))
            }
        }
    }
}
