import SentioLearn
import SentioNumerics
import Testing

@Suite struct RidgeErrorTests {
    let x = normalTable(10, 3, stream: 1)
    let y = normalTable(10, 2, stream: 2)

    @Test func notANumberIsNamedByRowAndColumn() {
        var bad = x
        bad[4, 2] = .nan
        let error = #expect(throws: LearnError.self) {
            try Ridge().fit(
                features: bad, targets: y, featureNames: ["tempo", "rms", "chroma"], songs: (0..<10).map { "\($0).mp3" }
            )
        }
        #expect(
            error?.description
                == "The features contain nan in row 4 (4.mp3), column \"chroma\"; every value must be a finite number. "
                + "Correct the value, or leave out that song or column.")
        var targets = y
        targets[9, 0] = -.infinity
        #expect(
            throws: LearnError.notFinite(
                table: "targets", row: 9, rowName: nil, column: "valence", value: -.infinity)
        ) { try Ridge().fit(features: x, targets: targets, targetNames: ["valence", "arousal"]) }
    }

    @Test func tooLittleIsRefused() {
        #expect(throws: LearnError.empty(table: "features", missing: "rows")) {
            try Ridge().fit(features: Matrix(rows: 0, columns: 3), targets: Matrix(rows: 0, columns: 2))
        }
        #expect(throws: LearnError.empty(table: "features", missing: "columns")) {
            try Ridge().fit(features: Matrix(rows: 10, columns: 0), targets: y)
        }
        #expect(throws: LearnError.empty(table: "targets", missing: "columns")) {
            try Ridge().fit(features: x, targets: Matrix(rows: 10, columns: 0))
        }
        #expect(throws: LearnError.tooFewRows(method: "Ridge regression", rows: 1, needed: 2)) {
            try Ridge(alpha: .fixed(1)).fit(features: Matrix([[1, 2]]), targets: Matrix([[1]]))
        }
    }

    @Test func tablesThatDoNotAgreeAreRefused() {
        #expect(throws: LearnError.self) { try Ridge().fit(features: x, targets: normalTable(9, 2, stream: 2)) }
        #expect(throws: LearnError.nameMismatch(table: "features", names: 1, columns: 3)) {
            try Ridge().fit(features: x, targets: y, featureNames: ["tempo"])
        }
    }

    @Test(arguments: [-1, .nan, .infinity])
    func badAlphaIsRefused(alpha: Double) {
        #expect(throws: LearnError.self) { try Ridge(alpha: .fixed(alpha)).fit(features: x, targets: y) }
        #expect(throws: LearnError.self) { try Ridge(alpha: .chosen(grid: [1, alpha])).fit(features: x, targets: y) }
    }

    @Test func emptyGridIsRefused() {
        #expect(throws: LearnError.self) { try Ridge(alpha: .chosen(grid: [])).fit(features: x, targets: y) }
    }

    @Test(arguments: [ScalerMethod.none, .standard])
    func collinearColumnsWithoutPenaltyAreNamed(scaler: ScalerMethod) throws {
        var wide = Matrix(rows: 10, columns: 4)
        for row in 0..<10 {
            for column in 0..<3 { wide[row, column] = x[row, column] }
            wide[row, 3] = 2 * x[row, 0] - x[row, 1] + 7
        }
        let error = #expect(throws: LearnError.self) {
            try Ridge(scaler: scaler, alpha: .fixed(0)).fit(features: wide, targets: y)
        }
        #expect(error?.description.contains("no unique solution") == true)
        #expect(error?.description.contains("alpha = 0.0 on 10 rows and 4 features") == true)
        #expect(throws: Never.self) {
            try Ridge(scaler: scaler, alpha: .fixed(0.001)).fit(features: wide, targets: y)
        }
    }

    @Test func aConstantColumnWithoutPenaltyIsNamed() {
        var flat = x
        for row in 0..<10 { flat[row, 1] = 0.1 }
        let error = #expect(throws: LearnError.self) {
            try Ridge(scaler: .none, alpha: .fixed(0)).fit(features: flat, targets: y, featureNames: ["a", "b", "c"])
        }
        #expect(error == .singular(alpha: 0, rows: 10, features: 3, column: "b"))
    }

    @Test func moreFeaturesThanRowsWithoutPenaltyAreRefused() {
        #expect(throws: LearnError.singular(alpha: 0, rows: 10, features: 12, column: nil)) {
            try Ridge(alpha: .fixed(0)).fit(features: normalTable(10, 12, stream: 3), targets: y)
        }
    }

    @Test func numbersTooLargeForDoublesAreRefused() {
        let huge = Matrix(rows: 10, columns: 3, values: x.values.map { $0 * 1e200 })
        #expect(throws: LearnError.self) { try Ridge(scaler: .none, alpha: .fixed(1)).fit(features: huge, targets: y) }
    }
}
