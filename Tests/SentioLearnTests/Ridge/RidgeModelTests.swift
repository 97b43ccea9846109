import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct RidgeModelTests {
    let model: RidgeModel

    init() throws {
        model = try Ridge(scaler: .robust()).fit(
            features: normalTable(30, 3, stream: 1), targets: normalTable(30, 2, stream: 2),
            featureNames: ["a", "b", "c"], targetNames: ["valence", "arousal"]
        ).model
    }

    @Test func storedModelPredictsTheSameBits() throws {
        let copy = try JSONDecoder().decode(RidgeModel.self, from: JSONEncoder().encode(model))
        let new = normalTable(5, 3, stream: 3)
        #expect(copy == model)
        #expect(try copy.predict(new) == model.predict(new))
    }

    @Test func unscaledCoefficientsPredictTheSameInsideTheLimit() throws {
        let new = Matrix(rows: 5, columns: 3, values: normalTable(5, 3, stream: 4).values.map { $0 / 4 })
        let raw = try #require(model.unscaled)
        var prediction = new.times(raw.coefficients, transposeOther: true)
        for row in 0..<5 {
            for target in 0..<2 { prediction[row, target] += raw.intercepts[target] }
        }
        #expect(difference(prediction, try model.predict(new)) < 1e-13)
    }

    @Test func badTablesAreRefused() {
        #expect(throws: LearnError.columnMismatch(table: "features", columns: 2, expected: 3)) {
            try model.predict(Matrix([[1, 2]]))
        }
        #expect(
            throws: LearnError.notFinite(table: "features", row: 0, rowName: "x", column: "b", value: .infinity)
        ) { try model.predict(Matrix([[1, .infinity, 2]]), songs: ["x"]) }
        #expect(throws: Never.self) { try model.predict(Matrix(rows: 0, columns: 3)) }
    }

    @Test(arguments: [
        #"{"intercepts":[1]}"#, #"{"alphas":[1,-1]}"#, #"{"alphas":[]}"#, #"{"features":["a","b"]}"#,
        #"{"targets":[]}"#, #"{"coefficients":{"rows":1,"columns":3,"values":[1,2,3]}}"#,
    ])
    func damagedModelsAreRefused(change: String) throws {
        let data = try JSONEncoder().encode(model)
        var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let changes = try #require(try JSONSerialization.jsonObject(with: Data(change.utf8)) as? [String: Any])
        object.merge(changes) { $1 }
        let damaged = try JSONSerialization.data(withJSONObject: object)
        #expect(throws: LearnError.self) { try JSONDecoder().decode(RidgeModel.self, from: damaged) }
    }
}
