import SentioLearn
import SentioNumerics
import SentioSongStages

/// Ratings of one song over time, with predictions of them.
struct ScoredSequence {
    let song: String
    let times: [Double]
    /// Steps × dimensions, as are the predictions.
    let truth: Matrix
    let prediction: Matrix
    /// The mean rating over time of the training songs, one number per dimension; nil where there are none.
    let trainingMean: [Double]?
    /// The prediction of a model of whole songs, one number per dimension; nil where none is connected.
    var staticPrediction: [Double]?

    /// A prediction that does not change over the song.
    func constant(_ values: [Double]) -> Matrix {
        Matrix(rows: times.count, columns: values.count, values: times.flatMap { _ in values })
    }

    /// Truth and prediction in adjacent columns: for each dimension the rating, then the prediction.
    var curves: TimeSeries {
        let values = times.indices.flatMap { row in
            zip(truth.row(row), prediction.row(row)).flatMap { [$0, $1] }
        }
        return TimeSeries(
            times: times, values: Matrix(rows: times.count, columns: 2 * truth.columns, values: values))
    }

    /// The mean of several songs' ratings over time, each song counting the same, per dimension; nil for none.
    static func mean(of songs: [TimeSeries]) -> [Double]? {
        guard let first = songs.first else { return nil }
        return (0..<first.values.columns).map { column in
            songs.reduce(0) { $0 + $1.means[column] } / Double(songs.count)
        }
    }

    /// The report of a predictor; nil if it does not predict every song.
    /// - parameter predictor: returns the prediction of a song; nil for none.
    /// - throws: `LearnError`.
    static func report(
        _ songs: [ScoredSequence], dimensions: [String], _ predictor: (ScoredSequence) -> Matrix?
    ) throws -> SequenceReport? {
        var moments: [[SequenceMoments]] = dimensions.map { _ in [] }
        for song in songs {
            guard let prediction = predictor(song) else { return nil }
            for column in dimensions.indices {
                moments[column].append(
                    try SequenceMoments(truth: song.truth.column(column), prediction: prediction.column(column)))
            }
        }
        return try SequenceReport(targets: dimensions, moments: moments)
    }
}
