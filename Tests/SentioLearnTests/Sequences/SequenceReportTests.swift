import SentioLearn
import SentioNumerics
import Testing

@Suite struct SequenceReportTests {
    struct Content: Decodable {
        let seed: UInt64
        let replicates: Int
        let truth, first, other: [[[Double]]]
        let pooled, perSong, differences: [[String: [Double]]]
        let constant: [[String: Double]]
    }

    let fixture: Content
    let bootstrap: Bootstrap

    init() throws {
        fixture = try Fixture.load("sequences")
        bootstrap = try Bootstrap(replicates: fixture.replicates, seed: fixture.seed)
    }

    private func report(_ predictions: [[[Double]]]) throws -> SequenceReport {
        let moments = try (0..<2).map { target in
            try zip(fixture.truth, predictions).map { truth, prediction in
                try SequenceMoments(truth: truth.map { $0[target] }, prediction: prediction.map { $0[target] })
            }
        }
        return try SequenceReport(targets: ["valence", "arousal"], moments: moments)
    }

    @Test func scoresAndIntervalsAreThoseOfConcatenatedSteps() throws {
        let report = try report(fixture.first)
        #expect(report.songs == 7 && report.steps == 67)
        let pooled = bootstrap.intervals(report, .pooled), perSong = bootstrap.intervals(report, .perSong)
        for target in 0..<2 {
            BootstrapTests.expect(pooled.intervals[target], equal: fixture.pooled[target])
            BootstrapTests.expect(perSong.intervals[target], equal: fixture.perSong[target])
        }
        let mean = (report.pooled[0].rmse + report.pooled[1].rmse) / 2
        #expect((pooled.mean[.rmse]?.estimate ?? .nan) == mean)
    }

    @Test func differencesAreOfTheSameSongs() throws {
        let found = bootstrap.differences(first: try report(fixture.other), second: try report(fixture.first), .pooled)
        for target in 0..<2 { BootstrapTests.expect(found.intervals[target], equal: fixture.differences[target]) }
    }

    @Test func aConstantWithinEachSongCorrelatesOnlyAcrossSongs() throws {
        let report = try report(fixture.other)
        for (score, expected) in zip(report.pooled, fixture.constant) {
            for metric in Metric.allCases {
                #expect(((expected[metric.rawValue] ?? .nan) - score[metric]).magnitude < 1e-12, "\(metric)")
            }
        }
        #expect(report.perSong.allSatisfy { $0.pearson == 0 && $0.ccc == 0 })
    }

    @Test func aConstantOfAllSongsHasNoCorrelationWhateverIsDrawn() throws {
        let same = fixture.truth.map { $0.map { _ in [0.1, 0.3] } }
        let report = try report(same)
        #expect(report.pooled.allSatisfy { $0.pearson == 0 && $0.ccc == 0 && $0.r2 < 0 })
        let intervals = bootstrap.intervals(report, .pooled).intervals
        #expect(intervals.allSatisfy { $0[.pearson]?.lower == 0 && $0[.pearson]?.upper == 0 })
    }

    @Test func momentsOfPartsAddUp() throws {
        let truth = [0.3, -0.2, 0.5, 0.1, 0.9], prediction = [0.1, 0.0, 0.4, 0.2, 0.6]
        let whole = try SequenceMoments(truth: truth, prediction: prediction).score
        let sum =
            try SequenceMoments(truth: Array(truth[..<2]), prediction: Array(prediction[..<2]))
            + SequenceMoments(truth: Array(truth[2...]), prediction: Array(prediction[2...]))
        let plain = try RegressionScore(truth: truth, prediction: prediction)
        for metric in Metric.allCases {
            #expect((whole[metric] - plain[metric]).magnitude < 1e-14, "\(metric)")
            #expect((sum.score[metric] - plain[metric]).magnitude < 1e-14, "\(metric)")
        }
    }

    @Test func whatCannotBeScoredIsRefused() throws {
        #expect(throws: LearnError.self) { try SequenceMoments(truth: [1, .nan], prediction: [1, 2]) }
        #expect(throws: LearnError.self) { try SequenceMoments(truth: [1, 2], prediction: [1]) }
        #expect(throws: LearnError.self) { try SequenceMoments(truth: [], prediction: []) }
        let one = try SequenceMoments(truth: [1, 2], prediction: [1, 2])
        #expect(throws: LearnError.self) { try SequenceReport(targets: ["y"], moments: [[one]]) }
    }
}
