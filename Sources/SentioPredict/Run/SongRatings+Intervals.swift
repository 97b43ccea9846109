import SentioBase
import SentioLearn
import SentioNumerics

extension SongRatings {
    /// Gives every rated song its intervals, except those whose ratings are extrapolations; or says why there are none.
    /// - Throws: `LearnError` for ratings that are not finite or have other dimensions.
    mutating func addIntervals(level: Double, _ facts: ModelFacts) throws {
        guard let calibration = facts.calibration else {
            withoutIntervals = facts.withoutCalibration ?? "The bundle has no errors of the model."
            return
        }
        let places = songs.indices.filter { songs[$0].ratings != nil && !songs[$0].isExtrapolated }
        let table = Matrix(
            rows: places.count, columns: dimensions.count, values: places.flatMap { songs[$0].ratings ?? [] })
        guard let intervals = try calibration.intervals.around(table, level: level) else {
            withoutIntervals =
                "Level \(NumberText.short(level)) needs the errors of \(ConformalQuantile.needed(level)) songs, and "
                + "the model has \(calibration.songs) (\(calibration.source)). Choose a lower level, or train with "
                + "`calibration_folds`."
            return
        }
        self.level = level
        for (place, own) in zip(places, intervals) { songs[place].intervals = own }
    }
}
