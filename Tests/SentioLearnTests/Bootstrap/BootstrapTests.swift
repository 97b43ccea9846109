import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct BootstrapTests {
    struct Content: Decodable {
        let seed: UInt64
        let replicates: Int
        let truth, prediction, other: [[Double]]
        let rows: [[Int]]
        let lastRow: [Int]
        let intervals, differences: [[String: [Double]]]
        let mean: [String: [Double]]
    }

    let fixture: Content
    let bootstrap: Bootstrap
    let truth: Matrix
    let prediction: Matrix

    init() throws {
        fixture = try Fixture.load("bootstrap")
        bootstrap = try Bootstrap(replicates: fixture.replicates, seed: fixture.seed)
        truth = Matrix(fixture.truth)
        prediction = Matrix(fixture.prediction)
    }

    static func expect(_ intervals: [Metric: Interval], equal expected: [String: [Double]]) {
        for metric in Metric.allCases {
            guard let interval = intervals[metric], let numbers = expected[metric.rawValue] else {
                Issue.record("\(metric) is missing")
                continue
            }
            #expect(difference([interval.estimate, interval.lower, interval.upper], numbers) < 1e-12, "\(metric)")
        }
    }

    @Test func resampledRowsAreThoseOfAnIndependentPhilox() {
        for (replicate, rows) in fixture.rows.enumerated() {
            #expect(bootstrap.indices(replicate: replicate, count: 37) == rows)
        }
        #expect(bootstrap.indices(replicate: fixture.replicates - 1, count: 37) == fixture.lastRow)
    }

    @Test func intervalsAreNumPys() throws {
        let report = try bootstrap.intervals(truth: truth, prediction: prediction)
        for (target, expected) in fixture.intervals.enumerated() {
            Self.expect(report.intervals[target], equal: expected)
        }
        Self.expect(report.mean, equal: fixture.mean)
    }

    @Test func pairedDifferencesAreNumPys() throws {
        let report = try bootstrap.differences(truth: truth, first: prediction, second: Matrix(fixture.other))
        for (target, expected) in fixture.differences.enumerated() {
            Self.expect(report.intervals[target], equal: expected)
        }
    }

    @Test func sameSeedSameBitsOtherSeedOther() throws {
        let first = try bootstrap.intervals(truth: truth, prediction: prediction)
        #expect(try bootstrap.intervals(truth: truth, prediction: prediction) == first)
        let other = try Bootstrap(replicates: fixture.replicates, seed: 1)
        #expect(try other.intervals(truth: truth, prediction: prediction).intervals != first.intervals)
    }

    @Test func aModelDoesNotDifferFromItself() throws {
        let report = try bootstrap.differences(truth: truth, first: prediction, second: prediction)
        #expect(report.intervals.allSatisfy { $0.values.allSatisfy { $0.lower == 0 && $0.upper == 0 } })
    }

    @Test func reportsAreJSONWithNamedMeasures() throws {
        let report = try bootstrap.intervals(truth: truth, prediction: prediction, targets: ["valence", "arousal"])
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(BootstrapReport.self, from: data) == report)
        #expect(String(decoding: data, as: UTF8.self).contains(#""ccc":{"#))
    }

    @Test func badInputIsRefused() throws {
        #expect(throws: LearnError.self) { try Bootstrap(replicates: 0, seed: 1) }
        #expect(throws: LearnError.self) { try Bootstrap(replicates: .max, seed: 1) }
        #expect(throws: LearnError.self) { try Bootstrap(level: 1, seed: 1) }
        #expect(throws: LearnError.self) { try Bootstrap(level: .nan, seed: 1) }
        #expect(throws: LearnError.self) { try bootstrap.intervals(truth: truth, prediction: Matrix([[1, 2]])) }
        #expect(throws: LearnError.self) {
            try bootstrap.differences(truth: truth, first: prediction, second: Matrix([[1, 2]]))
        }
        #expect(throws: LearnError.self) {
            try bootstrap.intervals(truth: Matrix([[1]]), prediction: Matrix([[1]]))
        }
    }
}
