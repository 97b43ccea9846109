import SentioNumerics
import Testing

@testable import SentioLearn

/// Classifiers are XGBoost's, on tables with fewer distinct values than bins.
@Suite struct GBDTClassTests {
    private func method(_ expected: ClassFixture.Boosting) throws -> GBDT {
        var method = GBDT()
        method.rounds = expected.rounds
        for (name, text) in expected.settings {
            let value = try #require(Double(text))
            switch name {
            case "eta": method.learningRate = value
            case "max_depth": method.maxDepth = Int(value)
            case "reg_lambda": method.lambda = value
            case "reg_alpha": method.alpha = value
            case "min_child_weight": method.minChildWeight = value
            default: Issue.record("unknown setting \(name)")
            }
        }
        return method
    }

    private func fit(_ expected: ClassFixture.Boosting, threads: Int = 1) throws -> GBDTClassFit {
        try method(expected).fitClasses(
            features: expected.table, classes: expected.y, names: (0..<expected.classes).map { "c\($0)" },
            threads: threads)
    }

    @Test(arguments: 0..<3) func probabilitiesAreXGBoosts(number: Int) throws {
        let expected = try ClassFixture.load().boosting[number]
        let fit = try fit(expected), model = fit.model
        #expect(difference(model.margins.baseScores.map(Double.init), expected.baseScores) < 1e-6)
        #expect(difference(fit.curve.training, expected.losses) < 1e-5)
        #expect(difference(try model.probabilities(expected.table), Matrix(expected.fitted)) < 1e-5)
        #expect(difference(try model.probabilities(expected.newTable), Matrix(expected.predicted)) < 1e-5)
        for feature in model.margins.importance() {
            let gain = expected.gains[feature.feature] ?? 0
            #expect(abs(feature.totalGain - gain) < 1e-4 * max(1, gain), "\(feature.feature)")
        }
    }

    @Test func xgboostsFileIsReadAndPredictsTheSame() throws {
        for expected in try ClassFixture.load().boosting {
            let file = try XGBoostModelFile(Array(expected.model.utf8), isOfClasses: true)
            let model = GBDTClassModel(margins: file.model)
            #expect(model.classes == (0..<expected.classes).map { "y\($0)" })
            #expect(difference(try model.probabilities(expected.newTable), Matrix(expected.predicted)) < 1e-7)
        }
    }

    @Test func theFileRoundTripsAndIsNoRegression() throws {
        let model = try fit(try ClassFixture.load().boosting[0]).model
        let bytes = XGBoostModelFile(model.margins).encode()
        #expect(try XGBoostModelFile(bytes, isOfClasses: true).model == model.margins)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"num_class\":\"3\"") && text.contains("\"num_target\":\"1\""))
        #expect(text.contains("\"multi:softprob\",\"softmax_multiclass_param\":{\"num_class\":\"3\"}"))
        #expect(throws: LearnError.foreignModel(reason: "it is a classifier; only regression models are supported")) {
            _ = try XGBoostModelFile(bytes)
        }
        var regression = GBDT()
        regression.rounds = 2
        let (x, y) = GBDTTestKit.table(20, 2)
        let other = XGBoostModelFile(try regression.fit(features: x, targets: y).model).encode()
        #expect(throws: LearnError.foreignModel(reason: "it is no classifier of several classes")) {
            _ = try XGBoostModelFile(other, isOfClasses: true)
        }
    }

    @Test func threadsDoNotChangeABit() throws {
        let expected = try ClassFixture.load().boosting[1]
        #expect(try fit(expected, threads: 1).model == fit(expected, threads: 4).model)
    }

    /// Every class stops at the round with the lowest loss over all classes.
    @Test func earlyStoppingWatchesTheCrossEntropy() throws {
        let expected = try ClassFixture.load().boosting[0]
        var method = try method(expected)
        method.rounds = 300
        method.earlyStoppingRounds = 5
        let train = Array(0..<100), held = Array(100..<150)
        let fit = try method.fitClasses(
            features: expected.table.selecting(rows: train), classes: train.map { expected.y[$0] },
            names: ["a", "b", "c"],
            validation: (expected.table.selecting(rows: held), held.map { expected.y[$0] }))
        let losses = fit.curve.validation
        #expect(losses.count < 300 && losses.count == fit.curve.bestRound + 5)
        #expect(losses.min() == losses[fit.curve.bestRound - 1])
        #expect(fit.model.margins.ensembles.allSatisfy { $0.count == fit.curve.bestRound })
        let probabilities = try fit.model.probabilities(expected.table.selecting(rows: held))
        let score = try ClassPredictions(truth: held.map { expected.y[$0] }, probabilities: probabilities).score
        #expect(abs(score.logLoss - losses[fit.curve.bestRound - 1]) < 1e-6)
    }

    /// A class that has no rows, as in a fold of a cross-validation, is never likely.
    @Test func aClassWithoutRowsIsNeverPredicted() throws {
        let expected = try ClassFixture.load().boosting[2]
        let model = try method(expected).fitClasses(
            features: expected.table, classes: expected.y, names: ["a", "b", "c"]
        ).model
        #expect(try model.probabilities(expected.table).column(2).allSatisfy { $0 < 1e-4 })
    }

    @Test func badClassesAreRefused() {
        let x = Matrix(rows: 3, columns: 1, values: [1, 2, 3])
        #expect(throws: LearnError.badParameter(name: "classes", value: "1", allowed: "from 2 to 1000 classes")) {
            _ = try GBDT().fitClasses(features: x, classes: [0, 0, 0], names: ["a"])
        }
        #expect(throws: LearnError.badParameter(name: "class", value: "2", allowed: "from 0 to 1")) {
            _ = try GBDT().fitClasses(features: x, classes: [0, 2, 1], names: ["a", "b"])
        }
        #expect(throws: LearnError.self) {
            _ = try GBDT().fitClasses(features: x, classes: [0, 1], names: ["a", "b"])
        }
    }
}
