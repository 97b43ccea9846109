import SentioKit
import SentioNumerics
import Testing

@testable import SentioPredict

@Suite struct SongIntervalTests {
    /// Facts of a model whose errors are 0.1, 0.2, … in its one dimension.
    private func facts(_ errors: Int) throws -> ModelFacts {
        let truth = Matrix((0..<errors).map { [5 + 0.1 * Double($0 + 1)] })
        let calibration = try ModelCalibration(
            truth: truth, predictions: Matrix(rows: errors, columns: 1, repeating: 5), source: "12 validation songs")
        return try #require(
            ModelFacts([
                "origin": [:], "dimensions": ["valence"], "training_songs": 3, "calibration": calibration.value,
            ]))
    }

    private func ratings() -> SongRatings {
        let files = ["a", "b", "c"].map { SoundFile(path: $0 + ".mp3", id: $0) }
        var songs = [
            SongRating(file: files[0], ratings: [5]), SongRating(file: files[1], ratings: [40]),
            SongRating(file: files[2], failure: "not sound"),
        ]
        songs[1].isExtrapolated = true
        return SongRatings(dimensions: ["valence"], songs: songs, warnings: [])
    }

    @Test func songsLikeTheTrainingSongsHaveOne() throws {
        var all = ratings()
        try all.addIntervals(level: 0.9, try facts(19))
        // Rank ceil(20 x 0.9) of 19.
        let interval = try #require(all.songs[0].intervals?.first)
        #expect(abs(interval.lowerBound - 3.2) < 1e-12 && abs(interval.upperBound - 6.8) < 1e-12)
        #expect(all.songs[1].intervals == nil && all.songs[2].intervals == nil)
        #expect(all.level == 0.9 && all.withoutIntervals == nil)
    }

    @Test func tooFewErrorsAreSaid() throws {
        var all = ratings()
        try all.addIntervals(level: 0.95, try facts(12))
        #expect(all.level == nil && all.songs.allSatisfy { $0.intervals == nil })
        #expect(
            all.withoutIntervals?.hasPrefix(
                "Level 0.95 needs the errors of 19 songs, and the model has 12 (12 validation songs).") ?? false)
    }

    @Test func aModelWithoutErrorsSaysWhy() throws {
        let none = try #require(
            ModelFacts(["origin": [:], "training_songs": 3, "without_calibration": "No validation songs."]))
        var all = ratings()
        try all.addIntervals(level: 0.9, none)
        #expect(all.withoutIntervals == "No validation songs." && all.level == nil)
    }

    @Test func factsComeBackAndDamagedOnesDoNot() throws {
        let made = try facts(12)
        #expect(try ModelFacts(JSON.parse(Array(JSON.text(made.value).utf8))) == made)
        var value = made.value.map ?? [:]
        value["calibration"] = ["source": "x"]
        #expect(ModelFacts(.map(value)) == nil)
    }
}
