import SentioLearn
import SentioNumerics
import Testing

@Suite struct InnerCVTests {
    @Test func everyRowIsHeldOutOnceAndNeverTrainedOnThen() throws {
        for rows in [4, 11, 20] {
            let folds = try CVFolds.seeded(count: 4, seed: 1).make(rows: rows)
            #expect(folds.flatMap(\.validationRows).sorted() == Array(0..<rows))
            let sizes = folds.map(\.validationRows.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
            for fold in folds {
                #expect((fold.trainingRows + fold.validationRows).sorted() == Array(0..<rows))
            }
        }
    }

    @Test func seedsDecideTheFolds() throws {
        let first = try CVFolds.seeded(count: 5, seed: 1).make(rows: 50)
        #expect(try CVFolds.seeded(count: 5, seed: 1).make(rows: 50) == first)
        #expect(try CVFolds.seeded(count: 5, seed: 2).make(rows: 50) != first)
    }

    @Test func givenFoldsKeepTheirNumbers() throws {
        let folds = try CVFolds.given([7, -1, 7, -1, 7]).make(rows: 5)
        #expect(folds.map(\.number) == [-1, 7])
        #expect(folds[0].validationRows == [1, 3])
        #expect(folds[0].trainingRows == [0, 2, 4])
    }

    @Test func badFoldsAreRefused() {
        for folds in [
            CVFolds.seeded(count: 1, seed: 0), .seeded(count: 6, seed: 0), .seeded(count: -3, seed: 0),
            .given([0, 1]), .given([0, 0, 0, 0, 0]), .given([0, 0, 0, 0, 1]),
        ] {
            #expect(throws: LearnError.self, "\(folds)") { try folds.make(rows: 5) }
        }
    }

    @Test func curveIsTheMeanOverFoldsAndThePartsHideTheHeldOutRows() throws {
        // Candidate c predicts the training mean plus c.
        let y = Matrix(column: [1, 2, 3, 10, 20, 30])
        let x = Matrix(column: [0, 1, 2, 3, 4, 5])
        let curve = try InnerCV(folds: .given([0, 0, 1, 1, 2, 2])).score(
            candidates: 2, features: x, targets: y
        ) { part in
            #expect(part.features.column(0) == part.fold.trainingRows.map(Double.init))
            #expect(part.validationFeatures.column(0) == part.fold.validationRows.map(Double.init))
            let mean = part.targets.values.reduce(0, +) / 4
            return [0, 1].map { Matrix(column: [mean + $0, mean + $0]) }
        }
        // Fold 0: mean 15.75; errors 14.75, 13.75. Fold 1: 13.25; 10.25, 3.25. Fold 2: 4; 16, 26.
        let folds = [203.3125, 57.8125, 466.0]
        #expect(curve.folds.map { $0[0, 0] } == folds)
        #expect((curve.meanSquaredError[0, 0] - folds.reduce(0, +) / 3).magnitude < 1e-12)
        #expect((curve.deviation[0, 0] - 168.91553).magnitude < 1e-3)
        #expect(curve.best(target: 0) == (curve.meanSquaredError[0, 0] <= curve.meanSquaredError[1, 0] ? 0 : 1))
        #expect(curve.bestOverall == curve.best(target: 0))
    }

    @Test func tablesThatDoNotAgreeAreRefused() {
        #expect(throws: LearnError.self) {
            try InnerCV().score(candidates: 1, features: Matrix(column: [1]), targets: Matrix(column: [1, 2])) { _ in []
            }
        }
    }
}
