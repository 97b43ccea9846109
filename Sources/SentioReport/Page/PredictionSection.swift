import SentioLearn
import SentioRunStore

/// The predictions of the stage that a run is judged by: scatter plots, valence–arousal plane, residuals.
enum PredictionSection {
    /// Up to this many songs, marks have tooltips; with more, the page would be too large.
    private static let mostHints = 700

    static func charts(_ run: RunReport, statistics: PairedComparison, place: Int) throws -> [Chart] {
        let columns = run.drawn
        var charts: [Chart] = []
        for column in columns where column.songs.count >= 2 {
            let score = try statistics.scores(truth: column.truth, predictions: [column.predicted])
            charts.append(
                ScatterChart.chart(
                    dimension: column.dimension, songs: column.songs, truth: column.truth, predicted: column.predicted,
                    score: score,
                    scale: run.facts.scale(of: column.dimension),
                    name: "scatter-\(place)-\(ScoreSection.token(column.dimension))",
                    hints: column.songs.count <= mostHints))
        }
        if var plane = plane(run, columns, place) {
            // The residuals of both dimensions are in the column next to it.
            plane.isTall = columns.count > 1
            charts.append(plane)
        }
        for column in columns where column.songs.count >= 2 {
            charts.append(
                ResidualChart.chart(
                    dimension: column.dimension, residuals: zip(column.predicted, column.truth).map { $0 - $1 },
                    name: "residuals-\(place)-\(ScoreSection.token(column.dimension))"))
        }
        return charts
    }

    private static func plane(_ run: RunReport, _ columns: [ScoredColumn], _ place: Int) -> Chart? {
        guard let scale = run.facts.planeScale, let valence = columns.first(where: { $0.dimension == "valence" }),
            let arousal = columns.first(where: { $0.dimension == "arousal" }), valence.songs == arousal.songs
        else { return nil }
        let songs = valence.songs.indices.map { index in
            RatingPlaneChart.Song(
                id: valence.songs[index], truth: (valence.truth[index], arousal.truth[index]),
                predicted: (valence.predicted[index], arousal.predicted[index]))
        }
        return RatingPlaneChart.chart(songs, scale: scale, name: "plane-\(place)", hints: songs.count <= mostHints)
    }
}
