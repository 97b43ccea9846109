import SentioKit
import SentioLearn
import SentioNumerics
import Testing

@testable import SentioPredict

@Suite struct ModelCalibrationTests {
    /// Errors that grow with the rating in the first dimension only, so that its intervals scale.
    private func calibration(_ count: Int) throws -> ModelCalibration {
        var truth: [[Double]] = [], predictions: [[Double]] = []
        for song in 0..<count {
            let rating = 2 + 6 * Double(song * 37 % count) / Double(count), sign = song % 2 == 0 ? 1.0 : -1
            let share = 0.5 + Double(song * 13 % 10) / 10
            predictions.append([rating, 5])
            truth.append([rating + sign * share * (rating - 1.5) / 3, 5 + sign * share])
        }
        return try ModelCalibration(truth: Matrix(truth), predictions: Matrix(predictions), source: "made up")
    }

    @Test func itComesBackFromJSON() throws {
        let made = try calibration(120)
        #expect(made.intervals.areScaled == [true, false])
        let back = try ModelCalibration(JSON.parse(Array(JSON.text(made.value).utf8)), dimensions: 2)
        #expect(back == made && back?.songs == 120)
        let one = try made.intervals.around(Matrix([[7, 5]]), level: 0.9)
        #expect(try back?.intervals.around(Matrix([[7, 5]]), level: 0.9) == one && one != nil)
    }

    @Test func atMostTwoThousandSongsAreKept() throws {
        let made = try calibration(2500)
        #expect(made.songs == ModelCalibration.most)
        #expect(try ModelCalibration(JSON.parse(Array(JSON.text(made.value).utf8)), dimensions: 2) == made)
    }

    @Test func damagedNumbersAreRefused() throws {
        let good = try calibration(60).value
        func changed(_ key: String, _ value: Value) -> ModelCalibration? {
            var map = good.map ?? [:]
            map[key] = value
            return ModelCalibration(.map(map), dimensions: 2)
        }
        #expect(ModelCalibration(good, dimensions: 2) != nil && ModelCalibration(good, dimensions: 1) == nil)
        #expect(changed("errors", []) == nil && changed("errors", [[1, 2]]) == nil && changed("errors", "x") == nil)
        #expect(changed("local", [.null]) == nil && changed("local", [[1, 2], .null]) == nil)
        #expect(changed("predictions", .list(.init(repeating: [1, "x"], count: 60))) == nil)
        #expect(changed("errors", .list(.init(repeating: [-1, 1], count: 60))) == nil)
        #expect(changed("errors", .list(.init(repeating: [1, 1], count: 2001))) == nil)
    }
}
