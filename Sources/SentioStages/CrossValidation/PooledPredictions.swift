import SentioKit
import SentioLearn
import SentioNumerics

/// Predictions of songs by models that had not seen them, fold by fold, on their way to pooled scores.
struct PooledPredictions {
    struct Fold {
        let songs: [String]
        let absent: [String]
        /// Songs × dimensions.
        let predictions: Matrix
        /// What the mean of the training songs says; nil where there are none.
        let baseline: [Double]?
        let training: Int
    }

    let dimensions: [String]
    let truth: SongMatrix
    private(set) var absent: Set<String> = []
    private var folds: [(number: Int, repeat: Int, label: String, fold: Fold)] = []

    init(dimensions: [String], truth: SongMatrix) {
        self.dimensions = dimensions
        self.truth = truth
    }

    mutating func add(fold number: Int, repeat repetition: Int, label: String, _ fold: Fold) throws {
        absent.formUnion(fold.absent)
        folds.append((number, repetition, label, fold))
    }

    /// How many different sets of models have predicted a song.
    var fittedSetCount: Int {
        var models: [String: [Int]] = [:]
        for (index, fold) in folds.enumerated() { for song in fold.fold.songs { models[song, default: []].append(index) } }
        return Set(models.values).count
    }

    /// Songs in byte order, their mean predictions over repeats, and the truth.
    var mean: (songs: [String], predictions: Matrix, truth: Matrix) {
        let (songs, predictions) = average { fold in fold.predictions }
        return (songs, predictions, truth.rows(songs))
    }

    private func average(_ values: (Fold) -> Matrix?) -> (songs: [String], Matrix) {
        var sums: [String: (values: [Double], count: Int)] = [:]
        for entry in folds {
            guard let matrix = values(entry.fold) else { continue }
            for (row, song) in entry.fold.songs.enumerated() {
                let (before, count) = sums[song] ?? ([Double](repeating: 0, count: dimensions.count), 0)
                sums[song] = (zip(before, matrix.row(row)).map(+), count + 1)
            }
        }
        let songs = sums.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let means = songs.flatMap { song in sums[song].map { sum in sum.values.map { $0 / Double(sum.count) } } ?? [] }
        return (songs, Matrix(rows: songs.count, columns: dimensions.count, values: means))
    }

    private static func constant(_ fold: Fold) -> Matrix? {
        fold.baseline.map { means in Matrix(rows: fold.songs.count, columns: means.count, values: fold.songs.flatMap { _ in means }) }
    }

    /// Pooled scores, those of each repeat and of each fold, and the mean predictor beside them.
    /// - throws: `LearnError`; `StageFailure` where there is nothing to score.
    func sheet(scale: ClosedRange<Double>, resampling: Bootstrap?) throws -> ScoreSheet {
        let (songs, predictions, truths) = mean
        guard songs.count >= 2 else {
            throw StageFailure("Only \(IDList.songs(songs.count)) of all folds can be scored; a score needs at least 2.")
        }
        var sheet = ScoreSheet(dimensions: dimensions, scale: scale, resampling: resampling)
        var model = FoldScores(dimensions), constant = FoldScores(dimensions)
        for entry in folds where entry.fold.songs.count >= 2 {
            let truth = truth.rows(entry.fold.songs)
            let place: [String: Value] = [
                "fold": .int(entry.number), "repeat": .int(entry.repeat), "songs": .int(entry.fold.songs.count),
                "training_songs": .int(entry.fold.training),
            ]
            model.add(try RegressionReport(truth: truth, prediction: entry.fold.predictions, targets: dimensions), place, "model")
            if let baseline = Self.constant(entry.fold) {
                constant.add(try RegressionReport(truth: truth, prediction: baseline, targets: dimensions), place, ScoreSheet.meanPredictor)
            }
        }
        try sheet.add("pooled", truth: truths, prediction: predictions, songs: songs, folds: model)
        let (known, baseline) = average(Self.constant)
        if known.count >= 2 {
            try sheet.addBaseline("pooled", truth: truth.rows(known), prediction: baseline, songs: known, folds: constant)
        }
        try addRepeats(to: &sheet)
        return sheet
    }

    /// With repeats: the pooled R² and CCC of each, to see how much the deal of the folds matters.
    private func addRepeats(to sheet: inout ScoreSheet) throws {
        let repeats = Set(folds.map(\.repeat)).sorted()
        guard repeats.count > 1 else { return }
        for number in repeats {
            let own = folds.filter { $0.repeat == number }.map(\.fold)
            let songs = own.flatMap(\.songs)
            guard songs.count >= 2 else { continue }
            let prediction = Matrix(rows: songs.count, columns: dimensions.count, values: own.flatMap(\.predictions.values))
            let report = try RegressionReport(truth: truth.rows(songs), prediction: prediction, targets: dimensions)
            sheet.addRepeat(number, report)
        }
    }
}

/// Scores of each fold, and what they are over folds.
struct FoldScores {
    private let dimensions: [String]
    private(set) var rows: [Value] = []
    private var scores: [[RegressionScore]] = []

    init(_ dimensions: [String]) { self.dimensions = dimensions }

    mutating func add(_ report: RegressionReport, _ place: [String: Value], _ predictor: String) {
        scores.append(report.scores + [report.mean])
        for (dimension, score) in zip(dimensions + ["mean"], report.scores + [report.mean]) {
            var row = place
            row["dimension"] = .string(dimension)
            row["predictor"] = .string(predictor)
            for metric in Metric.allCases { row[metric.rawValue] = .double(score[metric]) }
            rows.append(.map(row))
        }
    }

    /// How many folds have scores.
    var count: Int { scores.count }

    /// Mean and sample standard deviation over folds; nil for fewer than two.
    /// - parameter dimension: its place; behind the last, the mean over dimensions.
    func spread(_ dimension: Int, _ metric: Metric) -> (mean: Double, deviation: Double)? {
        guard scores.count >= 2 else { return nil }
        let values = scores.map { $0[dimension][metric] }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(values.count - 1)).squareRoot())
    }
}
