import SentioLearn
import SentioNumerics

/// Coverage of prediction intervals on held-out songs, over repeated splits: how often the interval of level `--level`
/// that `predict` would give holds the rating. The goal is 88 to 92 % at 0.9.
///
/// Each repeat holds a fifth of the songs back, chooses the settings on the others, and takes the errors from ten folds
/// of these, as `calibration_folds: 10` does. Groups stay together. `scaled` is the share of repeats whose
/// intervals scale with the local error.
enum PredictionIntervalsWorkload: Workload {
    static let name = "prediction-intervals"
    static let usage = RatedSongs.usage + " [--model ridge|svr|gbdt] [--repeats N] [--folds N] [--level L]"

    enum Model: String, CaseIterable { case ridge, svr, gbdt }

    static func run(_ options: Options) throws -> WorkloadResult {
        let songs = try RatedSongs(options), repeats = try options.integer("repeats", default: 20)
        let model = try options.choice("model", default: Model.ridge)
        let level = try options.number("level", default: 0.9, in: 0.01...0.999)
        let folds = try options.integer("folds", default: 10)
        let names = songs.dimensions
        var held = names.map { _ in 0 }, widths = names.map { _ in 0.0 }, scaled = names.map { _ in 0 }, count = 0
        var shares: [Double] = []
        for seed in 0..<UInt64(repeats) {
            let parts = try songs.folds(5, seed: seed, of: Array(0..<songs.features.rows)).make(
                rows: songs.features.rows)
            let test = parts[0].validationRows, training = parts[0].trainingRows
            let fit = try settings(model, songs, training)
            let predicted = try fit(training, test)
            var outOfFold = Matrix(rows: training.count, columns: names.count)
            for part in try songs.folds(folds, seed: seed + 1, of: training).make(rows: training.count) {
                let values = try fit(part.trainingRows.map { training[$0] }, part.validationRows.map { training[$0] })
                for (place, row) in part.validationRows.enumerated() {
                    for target in names.indices { outOfFold[row, target] = values[place, target] }
                }
            }
            let intervals = try ConformalIntervals(
                truth: songs.ratings.selecting(rows: training), predictions: outOfFold)
            guard let found = try intervals.around(predicted, level: level) else {
                throw OptionError(
                    description:
                        "Level \(level) needs \(ConformalQuantile.needed(level)) training songs, and there are "
                        + "\(training.count).")
            }
            var inside = 0
            for (place, song) in test.enumerated() {
                for target in names.indices {
                    let interval = found[place][target]
                    widths[target] += interval.upperBound - interval.lowerBound
                    if interval.contains(songs.ratings[song, target]) {
                        held[target] += 1
                        inside += 1
                    }
                }
            }
            for target in names.indices where intervals.areScaled[target] { scaled[target] += 1 }
            shares.append(Double(inside) / Double(test.count * names.count))
            count += test.count
        }
        var result = WorkloadResult(texts: ["model": model.rawValue])
        for (target, name) in names.enumerated() {
            result.numbers["coverage.\(name)"] = Double(held[target]) / Double(count)
            result.numbers["width.\(name)"] = widths[target] / Double(count)
            result.numbers["scaled.\(name)"] = Double(scaled[target]) / Double(repeats)
        }
        result.numbers["coverage"] = Double(held.reduce(0, +)) / Double(count * names.count)
        result.numbers["coverage_least"] = shares.min()
        result.numbers["coverage_most"] = shares.max()
        result.numbers["level"] = level
        result.numbers["repeats"] = Double(repeats)
        result.numbers["songs"] = Double(songs.features.rows)
        return result
    }

    /// A function that fits on some rows and predicts others, with settings chosen on `training`.
    private static func settings(_ model: Model, _ songs: RatedSongs, _ training: [Int]) throws
        -> (_ fitted: [Int], _ held: [Int]) throws -> Matrix
    {
        let features = songs.features.selecting(rows: training), ratings = songs.ratings.selecting(rows: training)
        let folds = try songs.folds(5, seed: 0, of: training)
        switch model {
        case .ridge:
            let chosen = try Ridge(alpha: .chosen(folds: folds)).fit(features: features, targets: ratings).model.alphas
            return { fitted, held in
                try songs.byDimension(fitted, held) { target, features, column, other in
                    try Ridge(alpha: .fixed(chosen[target])).fit(features: features, targets: column).model.predict(
                        other)
                }
            }
        case .svr:
            let grid = SVRGrid(cs: [0.3, 1, 3, 10, 30])
            let chosen = try SVR(grid: grid, folds: folds).fit(features: features, targets: ratings).settings
            return { fitted, held in
                try songs.byDimension(fitted, held) { target, features, column, other in
                    let setting = chosen[target]
                    let own = SVRGrid(cs: [setting.c], gammas: [setting.gamma], epsilons: [setting.epsilon])
                    return try SVR(grid: own).fit(features: features, targets: column).model.predict(other)
                }
            }
        case .gbdt:
            var trees = GBDT()
            // The defaults of the stage.
            trees.rounds = 400
            trees.learningRate = 0.02
            trees.maxDepth = 4
            trees.columnSampleByTree = 0.3
            let method = trees
            return { fitted, held in
                try method.fit(
                    features: songs.features.selecting(rows: fitted), targets: songs.ratings.selecting(rows: fitted)
                ).model.predict(songs.features.selecting(rows: held))
            }
        }
    }
}
