import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// What a stage that learns from features says about its errors: it fits the chosen settings once more on folds of the
/// training songs, predicts the songs of each fold with the fit on the others, and writes these out-of-fold predictions
/// beside the ratings. `predict` makes intervals of them. Off by default; test songs are never read.
struct Calibration {
    static let parameter = Parameter(
        "calibration_folds", default: 0, in: 0...1000,
        "Also fit on this many folds of the training songs (10, say; at most one per group), for `residuals` and "
            + "`reference`: `predict` then gives intervals and notices songs unlike the training songs. 0: neither.",
        keepsDefaultInKey: false)

    static let residualsType = ArtifactType("residuals", form: .table)
    static let referenceType = ArtifactType("training-reference", form: .files)
    static let residuals = OutputPort(
        "residuals", residualsType,
        "For each training song its ratings and out-of-fold predictions (`DIM_rated`, `DIM_predicted`), and how far "
            + "its features are from those of the other folds.")
    static let reference = OutputPort(
        "reference", referenceType,
        "Mean and standard deviation of each feature in the training songs, and how far a song may be from them, as "
            + "JSON.")
    static let outputs = [residuals, reference]

    /// The number of folds; 0: off.
    let folds: Int

    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        folds = configuration[Self.parameter]
        if folds == 1 { throw ConfigurationErrors(Self.parameter.name, "give at least 2 folds, or 0 for none.") }
    }

    /// The further outputs of the stage.
    var outputs: [OutputPort] { folds > 0 ? Self.outputs : [] }

    /// Fits, predicts and writes.
    /// - parameter seen: the songs that the model was fitted on.
    /// - parameter predict: fits on the first set, and predicts the songs of the second, songs × dimensions.
    /// - throws: `StageFailure` where all songs are in one group; what `predict` throws.
    func write(
        _ training: TrainingSet, seen: Lineage, _ context: StageContext,
        predict: (_ fitted: TrainingSet, _ held: TrainingSet) throws -> Matrix
    ) throws {
        guard folds > 0 else { return }
        let plan = try training.calibrationFolds(atMost: folds).make(rows: training.songs.count)
        var predicted = Matrix(rows: training.songs.count, columns: training.dimensions.count)
        var foldOf = training.songs.map { _ in 0 }
        var distances = training.songs.map { _ in TrainingSpread.Distance(overall: 0, largest: 0) }
        for (number, fold) in plan.enumerated() {
            try context.checkCancelled()
            context.services.progress(done: number, of: plan.count, note: "calibration folds")
            let fitted = training.selecting(rows: fold.trainingRows)
            let held = training.selecting(rows: fold.validationRows)
            let values = try predict(fitted, held)
            let far = try TrainingSpread(of: fitted.features).distances(held.features)
            for (place, row) in fold.validationRows.enumerated() {
                foldOf[row] = number
                distances[row] = far[place]
                for dimension in 0..<predicted.columns { predicted[row, dimension] = values[place, dimension] }
            }
        }
        context.services.progress(done: plan.count, of: plan.count, note: "calibration folds")
        try context.writeTable(
            Self.residuals,
            ResidualTable.make(
                songs: training.songs, folds: foldOf, dimensions: training.dimensions, truth: training.targets,
                predicted: predicted, distances: distances.map(\.overall)),
            fitted: seen)
        let reference = TrainingReference(
            features: training.featureNames, spread: TrainingSpread(of: training.features),
            limits: NoveltyLimits(outOfFold: distances) ?? .usual, songs: training.songs.count)
        try context.write(Self.reference, file: TrainingReference.name, try reference.encoded(), lineage: seen)
        try report(training, predicted, context)
    }

    /// Predictions of fits that each take one dimension.
    /// - parameter column: the predictions of a dimension, one per song.
    static func columns(_ dimensions: Int, _ column: (Int) throws -> [Double]) rethrows -> Matrix {
        let columns = try (0..<dimensions).map(column)
        return Matrix(rows: dimensions, columns: columns.first?.count ?? 0, values: columns.flatMap { $0 }).transposed()
    }

    private func report(_ training: TrainingSet, _ predicted: Matrix, _ context: StageContext) throws {
        let report = try RegressionReport(truth: training.targets, prediction: predicted, targets: training.dimensions)
        for (dimension, score) in zip(training.dimensions, report.scores) {
            context.services.metric("calibration.\(dimension).r2", score.r2)
        }
    }
}
