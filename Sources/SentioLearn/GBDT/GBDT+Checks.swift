import SentioNumerics

extension GBDT {
    /// Maximum bytes of bin codes: one byte per value, with columns rounded up to a multiple of 16.
    static let mostCodes = 1 << 36

    func checkTables(
        _ features: Matrix, _ targets: Matrix, featureNames: [String], targetNames: [String], songs: [String]?,
        kind: String
    ) throws(LearnError) {
        try TableChecks.requireSameRows(features, kind + "features", targets, kind + "targets")
        try TableChecks.requireNotEmpty(features, table: kind + "features")
        try TableChecks.requireNotEmpty(targets, table: kind + "targets")
        let width = BinnedTable.blocks(features.columns) * BinnedTable.lanes
        let (bytes, overflow) = features.rows.multipliedReportingOverflow(by: width)
        guard !overflow, bytes <= GBDT.mostCodes, features.rows < 1 << 30 else {
            throw .tooLarge(
                table: kind + "features", rows: features.rows, columns: features.columns,
                most: "2^30 rows and \(GBDT.mostCodes >> 30) GiB at one byte per value")
        }
        // NaN is a missing value; a value that overflows single precision has no bin.
        if let index = features.values.firstIndex(where: { Float($0).isInfinite }) {
            let (row, column) = index.quotientAndRemainder(dividingBy: features.columns)
            throw .notSingle(
                table: kind + "features", row: row, rowName: songs.flatMap { row < $0.count ? $0[row] : nil },
                column: featureNames[column], value: features.values[index])
        }
        try TableChecks.requireFinite(targets, table: kind + "targets", columnNames: targetNames, rowNames: songs)
        // Differences of targets must stay finite in single precision.
        if let index = targets.values.firstIndex(where: { $0.magnitude > 1e37 }) {
            let (row, column) = index.quotientAndRemainder(dividingBy: targets.columns)
            throw .notSingle(
                table: kind + "targets", row: row, rowName: songs.flatMap { row < $0.count ? $0[row] : nil },
                column: targetNames[column], value: targets.values[index])
        }
    }

    func checkParameters(featureNames: [String], hasValidation: Bool) throws(LearnError) {
        func require(_ isAllowed: Bool, _ name: String, _ value: Any, _ allowed: String) throws(LearnError) {
            if !isAllowed { throw .badParameter(name: name, value: "\(value)", allowed: allowed) }
        }
        try loss.function.validate()
        try require((1...100_000).contains(rounds), "rounds", rounds, "an integer from 1 to 100000")
        try require(learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "above 0 and at most 1")
        try require(maxDepth >= 0, "maxDepth", maxDepth, "0 (no limit) or more")
        try require(maxLeaves >= 0 && maxLeaves != 1, "maxLeaves", maxLeaves, "0 (no limit), or 2 or more")
        try require(
            maxDepth > 0 || maxLeaves > 0, "maxDepth", maxDepth,
            "above 0 if maxLeaves is 0, since trees would grow without limit")
        try require(growth == .depthwise || maxLeaves > 0 || maxDepth > 0, "maxLeaves", maxLeaves, "above 0")
        try require(
            minChildWeight >= 0 && minChildWeight.isFinite, "minChildWeight", minChildWeight, "0 or a positive number")
        try require(minSplitLoss >= 0 && minSplitLoss.isFinite, "minSplitLoss", minSplitLoss, "0 or a positive number")
        try require(lambda >= 0 && lambda.isFinite, "lambda", lambda, "0 or a positive number")
        try require(alpha >= 0 && alpha.isFinite, "alpha", alpha, "0 or a positive number")
        for (name, fraction) in [
            ("subsample", subsample), ("columnSampleByTree", columnSampleByTree),
            ("columnSampleByLevel", columnSampleByLevel), ("columnSampleByNode", columnSampleByNode),
        ] {
            try require(fraction > 0 && fraction <= 1, name, fraction, "above 0 and at most 1")
        }
        try require((2...256).contains(maxBins), "maxBins", maxBins, "an integer from 2 to 256")
        try require(earlyStoppingRounds >= 0, "earlyStoppingRounds", earlyStoppingRounds, "0 (never) or more")
        try require(
            earlyStoppingRounds == 0 || hasValidation, "earlyStoppingRounds", earlyStoppingRounds,
            "0 without validation songs")
        let names = Set(featureNames)
        for (name, direction) in monotone.sorted(by: { $0.key < $1.key }) {
            try require((-1...1).contains(direction), "monotone[\(name)]", direction, "-1, 0 or 1")
            try require(names.contains(name), "monotone", name, "the name of a feature")
        }
        try require(
            !loss.setsLeavesAfterSplits || monotone.values.allSatisfy { $0 == 0 }, "monotone", "set",
            "empty for the loss \(loss.name), which sets leaf values after the splits")
    }
}
