import SentioBase
public import SentioNumerics

extension GBDT {
    /// Most classes of one model.
    public static let mostClasses = 1000

    /// Fits a classifier: one ensemble per class, whose margins the softmax turns into probabilities (XGBoost's
    /// `multi:softprob`). `loss` and `monotone` have no part in it.
    ///
    /// As `fit`: features are rounded to single precision, and the bits are the same for every number of threads.
    ///
    /// - Parameters:
    ///   - features: rows x features; NaN is a missing value.
    ///   - classes: the class of each row, an index of `names`. A class may be without rows.
    ///   - names: the names of the classes, at least two.
    ///   - featureNames: default f0, f1, ...
    ///   - songs: row names for messages.
    ///   - validation: rows for validation losses and early stopping; not trained on.
    ///   - threads: maximum number of threads; they take classes first, then columns.
    ///   - onRound: called after each round on the calling thread, with one loss; an error that it throws ends the fit.
    /// - Throws: `LearnError` as `fit`, and for fewer than two classes or an index out of range; whatever `onRound`
    ///   throws.
    public func fitClasses(
        features: Matrix, classes: [Int], names: [String], featureNames: [String]? = nil, songs: [String]? = nil,
        validation: (features: Matrix, classes: [Int])? = nil, threads: Int = 1,
        onRound: ((GBDTRound) throws -> Void)? = nil
    ) throws -> GBDTClassFit {
        var options = self
        (options.loss, options.monotone) = (.softmax, [:])
        let featureNames = try TableChecks.names(featureNames, count: features.columns, prefix: "f", table: "features")
        try options.checkParameters(featureNames: featureNames, hasValidation: validation != nil)
        try options.checkClasses(features, classes, names, featureNames: featureNames, songs: songs, kind: "")
        if let validation {
            try TableChecks.requireColumns(validation.features, features.columns, table: "validation features")
            try options.checkClasses(
                validation.features, validation.classes, names, featureNames: featureNames, songs: nil,
                kind: "validation ")
        }
        let threads = max(1, threads)
        let table = BinnedTable(features, maxBins: maxBins, threads: threads)
        let booster = ClassBooster(
            options: options, table: table, classes: classes, count: names.count,
            validation: validation.map { (BinnedTable($0.features, like: table, threads: threads), $0.classes) },
            threads: threads)
        for round in 0..<rounds where !booster.isStopped {
            booster.boost(round: round)
            try onRound?(
                GBDTRound(
                    round: round + 1, rounds: rounds, trainingLoss: [booster.training.last ?? .nan],
                    validationLoss: validation.map { _ in [booster.validationLosses.last ?? .nan] }))
        }
        return GBDTClassFit(
            model: GBDTClassModel(
                margins: GBDTModel(
                    features: featureNames, targets: names, loss: .softmax, baseScores: booster.baseScores,
                    ensembles: booster.kept)),
            curve: booster.curve)
    }

    private func checkClasses(
        _ features: Matrix, _ classes: [Int], _ names: [String], featureNames: [String], songs: [String]?, kind: String
    ) throws(LearnError) {
        guard (2...GBDT.mostClasses).contains(names.count) else {
            throw .badParameter(
                name: "classes", value: "\(names.count)", allowed: "from 2 to \(GBDT.mostClasses) classes")
        }
        if let index = classes.first(where: { !names.indices.contains($0) }) {
            throw .badParameter(name: "class", value: "\(index)", allowed: "from 0 to \(names.count - 1)")
        }
        let column = Matrix(rows: classes.count, columns: 1, values: classes.map { Double($0) })
        try checkTables(
            features, column, featureNames: featureNames, targetNames: ["class"], songs: songs, kind: kind)
    }
}
