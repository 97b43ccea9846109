import SentioBase
public import SentioNumerics

extension GBDT {
    /// Fits one ensemble per target. Features are rounded to single precision, in predictions too.
    ///
    /// Sums are of integers, so the bits are the same for every number of threads, and the trees are the same for every
    /// order of the rows unless rows or columns are sampled. Memory besides the tables: one byte per value, about 50
    /// bytes per row and thread, and up to 256 MB of histograms for each target trained at the same time.
    ///
    /// - Parameters:
    ///   - features: rows x columns; NaN is a missing value.
    ///   - targets: rows x targets.
    ///   - featureNames: default f0, f1, ...
    ///   - targetNames: default y0, y1, ...
    ///   - songs: row names for messages.
    ///   - validation: rows for validation losses and early stopping; not trained on.
    ///   - threads: maximum number of threads; they take targets first, then columns.
    ///   - onRound: called after each round on the calling thread; an error that it throws ends the fit.
    /// - Throws: `LearnError` for empty tables or tables that do not match, an infinite or too large feature (with song
    ///   and column), a target that is not a finite number, a parameter out of range, or a table that is too large;
    ///   whatever `onRound` throws.
    public func fit(
        features: Matrix, targets: Matrix, featureNames: [String]? = nil, targetNames: [String]? = nil,
        songs: [String]? = nil, validation: (features: Matrix, targets: Matrix)? = nil, threads: Int = 1,
        onRound: ((GBDTRound) throws -> Void)? = nil
    ) throws -> GBDTFit {
        let featureNames = try TableChecks.names(featureNames, count: features.columns, prefix: "f", table: "features")
        let targetNames = try TableChecks.names(targetNames, count: targets.columns, prefix: "y", table: "targets")
        try checkParameters(featureNames: featureNames, hasValidation: validation != nil)
        try checkTables(features, targets, featureNames: featureNames, targetNames: targetNames, songs: songs, kind: "")
        if let validation {
            try TableChecks.requireColumns(validation.features, features.columns, table: "validation features")
            try TableChecks.requireColumns(validation.targets, targets.columns, table: "validation targets")
            try checkTables(
                validation.features, validation.targets, featureNames: featureNames, targetNames: targetNames,
                songs: nil,
                kind: "validation ")
        }

        let threads = max(1, threads)
        let table = BinnedTable(features, maxBins: maxBins, threads: threads)
        let held = validation.map { (BinnedTable($0.features, like: table, threads: threads), $0.targets) }
        let directions = featureNames.map { Int8(monotone[$0] ?? 0) }
        let boosters = (0..<targets.columns).map { target in
            TargetBooster(
                options: self, target: target, table: table, targets: targets.column(target), monotone: directions,
                validation: held.map { ($0.0, $0.1.column(target)) }, threads: max(1, threads / targets.columns))
        }
        for round in 0..<rounds where !boosters.allSatisfy(\.isStopped) {
            Parallel.forEachUnchecked(boosters.count, threads: threads) { target, _ in
                boosters[target].boost(round: round)
            }
            try onRound?(
                GBDTRound(
                    round: round + 1, rounds: rounds, trainingLoss: boosters.map { $0.training.last ?? .nan },
                    validationLoss: held.map { _ in boosters.map { $0.validationLosses.last ?? .nan } }))
        }
        return GBDTFit(
            model: GBDTModel(
                features: featureNames, targets: targetNames, loss: loss, baseScores: boosters.map(\.baseScore),
                ensembles: boosters.map(\.ensemble)),
            curves: boosters.map(\.curve))
    }
}
