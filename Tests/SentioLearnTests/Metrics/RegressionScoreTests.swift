import SentioLearn
import SentioNumerics
import Testing

@Suite struct RegressionScoreTests {
    struct Content: Decodable {
        let truth, prediction: [[Double]]
        let scores: [RegressionScore]
    }

    @Test func valuesAreScikitLearnsAndSciPys() throws {
        let fixture = try Fixture.load("metrics", as: Content.self)
        let report = try RegressionReport(
            truth: Matrix(fixture.truth), prediction: Matrix(fixture.prediction), targets: ["valence", "arousal"])
        for (score, expected) in zip(report.scores, fixture.scores) {
            for metric in Metric.allCases {
                #expect((score[metric] - expected[metric]).magnitude < 1e-13, "\(metric)")
            }
        }
        for metric in Metric.allCases {
            let mean = (fixture.scores[0][metric] + fixture.scores[1][metric]) / 2
            #expect((report.mean[metric] - mean).magnitude < 1e-13, "\(metric)")
        }
        #expect(report.songs == 50)
    }

    @Test func perfectPrediction() throws {
        let score = try RegressionScore(truth: [1, 2, 4], prediction: [1, 2, 4])
        #expect(score.mse == 0 && score.r2 == 1 && (score.pearson - 1).magnitude < 1e-15 && score.ccc == 1)
    }

    @Test func constantPredictionHasNoCorrelation() throws {
        let score = try RegressionScore(truth: [1, 2, 4], prediction: [0.1, 0.1, 0.1])
        #expect(score.pearson == 0 && score.ccc == 0)
        #expect(score.r2 < 0)
    }

    @Test func constantTruthFollowsScikitLearn() throws {
        #expect(try RegressionScore(truth: [0.1, 0.1, 0.1], prediction: [1, 2, 3]).r2 == 0)
        #expect(try RegressionScore(truth: [0.1, 0.1, 0.1], prediction: [0.1, 0.1, 0.1]).r2 == 1)
        #expect(try RegressionScore(truth: [0.1, 0.1, 0.1], prediction: [1, 2, 3]).ccc == 0)
    }

    @Test func boundsHoldOnRandomTables() throws {
        for stream in 0..<50 {
            let table = normalTable(9, 2, stream: UInt64(stream))
            let score = try RegressionScore(truth: table.column(0), prediction: table.column(1))
            #expect(score.ccc.magnitude <= score.pearson.magnitude + 1e-15)
            #expect(score.r2 <= score.pearson * score.pearson + 1e-15)
            #expect(score.mae <= score.rmse)
        }
    }

    @Test func aLargeOffsetCostsNoDigits() throws {
        let table = normalTable(40, 2, stream: 7)
        let plain = try RegressionScore(truth: table.column(0), prediction: table.column(1))
        let moved = try RegressionScore(
            truth: table.column(0).map { $0 + 1e6 }, prediction: table.column(1).map { $0 + 1e6 })
        for metric in Metric.allCases { #expect((plain[metric] - moved[metric]).magnitude < 1e-8, "\(metric)") }
    }

    @Test func badTablesAreRefused() {
        #expect(throws: LearnError.self) { try RegressionScore(truth: [1, 2], prediction: [1]) }
        #expect(throws: LearnError.self) { try RegressionScore(truth: [1], prediction: [1]) }
        #expect(throws: LearnError.self) { try RegressionScore(truth: [], prediction: []) }
        #expect(throws: LearnError.self) {
            try RegressionReport(truth: Matrix([[1, 2], [3, 4]]), prediction: Matrix([[1], [3]]))
        }
        let error = #expect(throws: LearnError.self) {
            try RegressionReport(
                truth: Matrix([[1, 2], [3, 4]]), prediction: Matrix([[1, 2], [3, .nan]]),
                targets: ["valence", "arousal"], songs: ["a.mp3", "b.mp3"])
        }
        #expect(
            error?.description
                == "The predictions contain nan in row 1 (b.mp3), column \"arousal\"; every value must be a finite number. "
                + "Correct the value, or leave out that song or column.")
    }
}
