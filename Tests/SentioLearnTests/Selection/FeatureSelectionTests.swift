@testable import SentioLearn
import SentioNumerics
import Testing

@Suite struct FeatureSelectionTests {
    //                     a     b   c     d    e
    static let table = Matrix([
        [1, 5, .nan, 2.0, 9],
        [2, 5, .nan, 4.1, .nan],
        [3, 5, .nan, 6.0, 1],
        [4, 5, .nan, 7.9, 2],
    ])

    @Test func nothingAskedForIsNothingDone() throws {
        let fitted = try FeatureSelection().fit(features: Self.table)
        #expect(fitted == .everything(columns: 5) && FeatureSelection().isNothing)
        #expect(fitted.transform(Self.table).values.count { $0.isNaN } == 5)
    }

    @Test(arguments: [(FeatureSelection.Filling.mean, 4.0), (.median, 2.0)])
    func missingValuesAreFilledFromTraining(_ filling: FeatureSelection.Filling, _ expected: Double) throws {
        let fitted = try FeatureSelection(filling: filling).fit(features: Self.table)
        #expect(fitted.kept == [0, 1, 3, 4])
        #expect(fitted.dropped == [.init(column: 2, reason: .noValues)])
        let other = fitted.transform(Matrix([[.nan, 1, 2, 3, .nan]]))
        #expect(other.values == [2.5, 1, 3, expected])
    }

    @Test func constantColumnsHaveNoVariance() throws {
        let fitted = try FeatureSelection(minVariance: 0).fit(features: Self.table)
        #expect(fitted.kept == [0, 3, 4])
        #expect(fitted.dropped == [.init(column: 1, reason: .variance(0)), .init(column: 2, reason: .noValues)])
        #expect(try FeatureSelection(minVariance: 1.25).fit(features: Self.table).kept == [3, 4])
        let tenth = Matrix(rows: 7, columns: 1, repeating: 0.1)
        #expect(try FeatureSelection(minVariance: 0).fit(features: tenth).kept.isEmpty)
    }

    @Test func theLaterOfTwoAlikeGoes() throws {
        let fitted = try FeatureSelection(maxCorrelation: 0.99).fit(features: Self.table)
        #expect(fitted.kept == [0, 1, 4])
        let drop = try #require(fitted.dropped.first { $0.column == 3 })
        guard case .correlation(let r, with: 0) = drop.reason else {
            Issue.record("\(drop)")
            return
        }
        #expect(abs(r - 0.9996877764403264) < 1e-12)  // numpy.corrcoef
        #expect(try FeatureSelection(maxCorrelation: 0.9999).fit(features: Self.table).kept == [0, 1, 3, 4])
        let opposite = Matrix([[1, -1], [2, -2], [3, -3.1]])
        #expect(try FeatureSelection(maxCorrelation: 0.9).fit(features: opposite).kept == [0])
    }

    @Test func onlyTheStrongestAreKept() throws {
        let x = normalTable(50, 4, stream: 1), noise = normalTable(50, 1, stream: 2)
        let y = Matrix(rows: 50, columns: 2, values: (0..<50).flatMap { [-x[$0, 2] + 0.1 * noise[$0, 0], x[$0, 0]] })
        #expect(try FeatureSelection(top: 2).fit(features: x, targets: y).kept == [0, 2])
        #expect(try FeatureSelection(top: 9).fit(features: x, targets: y).kept == [0, 1, 2, 3])
    }

    @Test func badInputIsRefused() {
        for selection in [
            FeatureSelection(minVariance: -1), FeatureSelection(minVariance: .nan),
            FeatureSelection(maxCorrelation: 1.1),
            FeatureSelection(maxCorrelation: .nan), FeatureSelection(top: 0),
        ] {
            #expect(throws: LearnError.self) { try selection.fit(features: Self.table) }
        }
        #expect(throws: LearnError.self) {
            try FeatureSelection(minVariance: 0).fit(features: Matrix([[1, .infinity]]))
        }
        #expect(throws: LearnError.self) {
            try FeatureSelection(minVariance: 0).fit(features: Matrix(rows: 0, columns: 2))
        }
        #expect(throws: LearnError.self) {
            try FeatureSelection(top: 1).fit(features: Self.table, targets: Matrix([[1]]))
        }
    }
}
