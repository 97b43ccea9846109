import SentioLearn
import SentioNumerics

/// A ridge regression from a spectrogram's statistics to its ratings, fitted on real training songs: its predictions
/// for generated spectrograms show whether the requested ratings can be recovered.
struct EmotionRecovery: Sendable {
    let model: RidgeModel
    /// Pearson's r on real songs by 5-fold cross-validation; nil with fewer than ten songs.
    let onReal: [Double]?

    /// - parameters:
    ///   - statistics: crops x statistics; the crops of a song are adjacent.
    ///   - ratings: crops x dimensions, in scaled ratings.
    ///   - songs: the song of each crop.
    /// - throws: `LearnError`.
    init(statistics: Matrix, ratings: Matrix, songs: [Int]) throws {
        let ridge = Ridge(scaler: .standard, alpha: .leaveOneOut())
        model = try ridge.fit(features: statistics, targets: ratings, featureNames: SpectrogramStatistics.names).model
        guard Set(songs).count >= 10 else {
            onReal = nil
            return
        }
        var predicted = Matrix(rows: ratings.rows, columns: ratings.columns)
        for fold in 0..<5 {
            let (inside, outside) = (
                songs.indices.filter { songs[$0] % 5 != fold }, songs.indices.filter { songs[$0] % 5 == fold }
            )
            guard !outside.isEmpty else { continue }
            let part = try ridge.fit(
                features: statistics.selecting(rows: inside), targets: ratings.selecting(rows: inside))
            let found = try part.model.predict(statistics.selecting(rows: outside))
            for (row, place) in outside.enumerated() {
                for column in 0..<ratings.columns { predicted[place, column] = found[row, column] }
            }
        }
        onReal = (0..<ratings.columns).map { Self.correlation(predicted.column($0), ratings.column($0)) }
    }

    /// Pearson's r of each dimension between recovered and requested ratings.
    func correlations(_ statistics: Matrix, asked: Matrix) throws -> [Double] {
        let heard = try model.predict(statistics)
        return (0..<asked.columns).map { Self.correlation(heard.column($0), asked.column($0)) }
    }

    /// 0 if either side does not vary.
    static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let count = Double(max(1, x.count)), (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - meanX) * (a - meanX)
            yy += (b - meanY) * (b - meanY)
            xy += (a - meanX) * (b - meanY)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
    }
}
