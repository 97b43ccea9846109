import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Collects the out-of-fold predictions fold by fold, for pooled scores.
struct PooledPredictions {
    struct Fold {
        let songs: [String]
        let absent: [String]
        /// Songs × dimensions.
        let predictions: Matrix
        /// The mean rating of the training songs per dimension; nil where there are none.
        let baseline: [Double]?
        /// The mean rating of the training songs of each song's set, songs × dimensions; nil without sets.
        let setBaseline: Matrix?
        let training: Int
    }

    let dimensions: [String]
    let truth: SongMatrix
    /// The sets to score within, for songs of several sets.
    let sets: SongSets?
    private(set) var absent: Set<String> = []
    private var folds: [(number: Int, repeat: Int, label: String, fold: Fold)] = []

    init(dimensions: [String], truth: SongMatrix, sets: SongSets?) {
        self.dimensions = dimensions
        self.truth = truth
        self.sets = sets
    }

    mutating func add(fold number: Int, repeat repetition: Int, label: String, _ fold: Fold) throws {
        absent.formUnion(fold.absent)
        folds.append((number, repetition, label, fold))
    }

    /// How many different sets of models have predicted a song.
    var fittedSetCount: Int {
        var models: [String: [Int]] = [:]
        for (index, fold) in folds.enumerated() {
            for song in fold.fold.songs { models[song, default: []].append(index) }
        }
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
        fold.baseline.map { means in
            Matrix(rows: fold.songs.count, columns: means.count, values: fold.songs.flatMap { _ in means })
        }
    }

    /// Pooled scores, those of each repeat and of each fold, and the mean predictor as a baseline.
    /// - throws: `LearnError`; `StageFailure` where there is nothing to score.
    func sheet(scales: [ClosedRange<Double>], resampling: Bootstrap?) throws -> ScoreSheet {
        let (songs, predictions, truths) = mean
        guard songs.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(songs.count)) of all folds can be scored; a score needs at least 2.")
        }
        var sheet = ScoreSheet(dimensions: dimensions, scales: scales, resampling: resampling)
        var model = FoldScores(dimensions), constant = FoldScores(dimensions)
        for entry in folds where entry.fold.songs.count >= 2 {
            let truth = truth.rows(entry.fold.songs)
            let place: [String: Value] = [
                "fold": .int(entry.number), "repeat": .int(entry.repeat), "songs": .int(entry.fold.songs.count),
                "training_songs": .int(entry.fold.training),
            ]
            model.add(
                try RegressionReport(truth: truth, prediction: entry.fold.predictions, targets: dimensions), place,
                "model")
            if let baseline = Self.constant(entry.fold) {
                constant.add(
                    try RegressionReport(truth: truth, prediction: baseline, targets: dimensions), place,
                    ScoreSheet.meanPredictor)
            }
        }
        try sheet.add("pooled", truth: truths, prediction: predictions, songs: songs, folds: model)
        let (known, baseline) = average(Self.constant)
        if known.count >= 2 {
            try sheet.addBaseline(
                "pooled", truth: truth.rows(known), prediction: baseline, songs: known, folds: constant)
        }
        if let sets {
            let (members, means) = average { fold in fold.setBaseline }
            if members.count >= 2 {
                try sheet.addSetBaseline("pooled", truth: truth.rows(members), prediction: means, songs: members)
            }
            try sheet.addWithin("pooled", sets, truth: truths, prediction: predictions, songs: songs)
        }
        try addRepeats(to: &sheet)
        return sheet
    }

    /// With repeats: the pooled R² and CCC of each, which show how much the assignment to folds matters.
    private func addRepeats(to sheet: inout ScoreSheet) throws {
        let repeats = Set(folds.map(\.repeat)).sorted()
        guard repeats.count > 1 else { return }
        for number in repeats {
            let own = folds.filter { $0.repeat == number }.map(\.fold)
            let songs = own.flatMap(\.songs)
            guard songs.count >= 2 else { continue }
            let prediction = Matrix(
                rows: songs.count, columns: dimensions.count, values: own.flatMap(\.predictions.values))
            let report = try RegressionReport(truth: truth.rows(songs), prediction: prediction, targets: dimensions)
            sheet.addRepeat(number, report)
        }
    }
}
