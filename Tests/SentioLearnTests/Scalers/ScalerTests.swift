import Foundation
import SentioNumerics
import Testing

@testable import SentioLearn

@Suite struct ScalerTests {
    struct Content: Decodable {
        let train, test, standard, signLog, quantile, quantileCoarse: [[Double]]
        let mean, deviation, median, range: [Double]
    }

    let fixture: Content
    let train: Matrix
    let test: Matrix

    init() throws {
        fixture = try Fixture.load("scalers")
        train = Matrix(fixture.train)
        test = Matrix(fixture.test)
    }

    @Test func standardIsScikitLearns() throws {
        let scaler = try StandardScaler.fit(train)
        #expect(difference(scaler.center, fixture.mean) < 1e-13)
        #expect(difference(scaler.scale, fixture.deviation) < 1e-13)
        #expect(scaler.scale[2] == 1)
        #expect(difference(try scaler.transform(test), Matrix(fixture.standard)) < 1e-12)
    }

    @Test func robustIsScikitLearnsUpToTheCutAndTheZeroRange() throws {
        let scaler = try RobustScaler.fit(train, limit: 3)
        #expect(difference(scaler.center, fixture.median) < 1e-13)
        for column in [0, 1, 2, 3] { #expect(difference([scaler.scale[column]], [fixture.range[column]]) < 1e-13) }
        // Column 4: the middle half is one value; scikit-learn says 1, here its standard deviation.
        #expect(fixture.range[4] == 1)
        #expect(difference([scaler.scale[4]], [fixture.deviation[4]]) < 1e-13)
        let scaled = try scaler.transform(test)
        for row in 0..<test.rows {
            for column in 0..<test.columns {
                let plain = (test[row, column] - scaler.center[column]) / scaler.scale[column]
                #expect(scaled[row, column] == max(-3, min(3, plain)))
            }
        }
    }

    @Test func signLogIsNumPys() throws {
        #expect(difference(try SignLogScaler.fit(train).transform(test), Matrix(fixture.signLog)) < 1e-12)
    }

    @Test func quantileIsScikitLearns() throws {
        #expect(
            difference(try QuantileScaler.fit(train, levels: 1000).transform(test), Matrix(fixture.quantile)) < 1e-9)
        #expect(
            difference(try QuantileScaler.fit(train, levels: 8).transform(test), Matrix(fixture.quantileCoarse)) < 1e-9)
    }

    @Test func noneLeavesTheTable() throws {
        #expect(try IdentityScaler.fit(train).transform(test) == test)
    }

    static let methods: [ScalerMethod] = [.none, .standard, .robust(limit: 2), .signLog, .quantile(levels: 9)]

    @Test(arguments: methods)
    func jsonRoundTripIsExact(method: ScalerMethod) throws {
        let fitted = try method.fit(train)
        #expect(fitted.featureCount == 5)
        let copy = try JSONDecoder().decode(FittedScaler.self, from: JSONEncoder().encode(fitted))
        #expect(copy == fitted)
        #expect(try copy.transform(test) == fitted.transform(test))
    }

    @Test(arguments: methods)
    func badTablesAreRefused(method: ScalerMethod) throws {
        #expect(throws: LearnError.empty(table: "features", missing: "rows")) {
            try method.fit(Matrix(rows: 0, columns: 3))
        }
        #expect(throws: LearnError.empty(table: "features", missing: "columns")) {
            try method.fit(Matrix(rows: 3, columns: 0))
        }
        #expect(throws: LearnError.self) { try method.fit(Matrix([[1, 2], [3, .nan]])) }
        #expect(throws: LearnError.self) { try method.fit(Matrix([[1, 2], [3, -.infinity]])) }
        let fitted = try method.fit(train)
        #expect(throws: LearnError.columnMismatch(table: "features", columns: 2, expected: 5)) {
            try fitted.transform(Matrix(rows: 1, columns: 2))
        }
    }

    @Test(arguments: methods)
    func extremeFiniteNumbersStayNumbers(method: ScalerMethod) throws {
        let extreme = Matrix([[1e308, -1e308, 1e-308], [-1e308, -1e308, 0], [0, 1e308, .leastNonzeroMagnitude]])
        #expect(try method.fit(extreme).transform(extreme).values.allSatisfy { !$0.isNaN })
    }

    @Test func namesFindTheirMethods() throws {
        for name in ScalerMethod.names { #expect(try ScalerMethod(name: name)?.fit(train).name == name) }
        #expect(ScalerMethod(name: "standart") == nil)
    }

    @Test func badSettingsAreRefused() {
        #expect(throws: LearnError.self) { try ScalerMethod.robust(limit: 0).fit(train) }
        #expect(throws: LearnError.self) { try ScalerMethod.robust(limit: .nan).fit(train) }
        #expect(throws: LearnError.self) { try ScalerMethod.quantile(levels: 1).fit(train) }
        #expect(throws: LearnError.self) { try ScalerMethod.quantile().fit(Matrix([[1, 2]])) }
    }

    @Test(arguments: [
        #"{"method":"magic","state":{}}"#, #"{"method":"standard","state":{"center":[1],"scale":[1,2]}}"#,
        #"{"method":"standard","state":{"center":[1],"scale":[0]}}"#,
        #"{"method":"robust","state":{"center":[1],"scale":[1],"limit":-1}}"#,
        #"{"method":"none","state":{"featureCount":-1}}"#,
        #"{"method":"quantile","state":{"quantiles":{"rows":1,"columns":2,"values":[2,1]}}}"#,
        #"{"method":"quantile","state":{"quantiles":{"rows":1,"columns":1,"values":[2]}}}"#,
    ])
    func damagedStateIsRefused(text: String) {
        #expect(throws: LearnError.self) { try JSONDecoder().decode(FittedScaler.self, from: Data(text.utf8)) }
    }
}
