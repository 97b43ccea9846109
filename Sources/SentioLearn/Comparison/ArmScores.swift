/// The predictions of one arm (a model or a setting) for one dimension, in one or more replicates (the same arm with
/// other seeds). The score of an arm is the mean of its replicates' scores, not the score of their mean prediction.
struct ArmScores {
    let songs: Int
    /// [replicate][song]
    let sums: [[ScoreSums]]
    let totals: [ScoreSums]

    var replicates: Int { sums.count }

    /// - Parameters:
    ///   - truth: [song].
    ///   - predictions: [replicate][song].
    ///   - name: names the arm in messages.
    /// - Throws: `LearnError` for no replicates, another number of songs than the truth, fewer than two songs, NaN or
    ///   infinity.
    init(truth: [Double], predictions: [[Double]], name: String) throws(LearnError) {
        guard !predictions.isEmpty else { throw .empty(table: name, missing: "replicates") }
        if truth.count < 2 { throw .tooFewRows(method: "A comparison", rows: truth.count, needed: 2) }
        for values in predictions {
            if values.count != truth.count {
                throw .rowMismatch(first: "truths", firstRows: truth.count, second: name, secondRows: values.count)
            }
            try Self.requireFinite(values, name)
        }
        try Self.requireFinite(truth, "truths")
        let origin = truth.reduce(0, +) / Double(truth.count)
        songs = truth.count
        sums = predictions.map { values in
            zip(truth, values).map { ScoreSums(truth: $0, prediction: $1, origin: origin) }
        }
        totals = sums.map { $0.reduce(.zero, +) }
    }

    private static func requireFinite(_ values: [Double], _ table: String) throws(LearnError) {
        guard let row = values.firstIndex(where: { !$0.isFinite }) else { return }
        throw .notFinite(table: table, row: row, rowName: nil, column: "rating", value: values[row])
    }

    /// The score of each replicate on all songs.
    var scores: [RegressionScore] { totals.map(\.score) }

    /// The score of each replicate on a resample of the songs.
    func scores(resampled indices: [Int]) -> [RegressionScore] {
        sums.map { songs in
            var total = SIMD8<Double>.zero
            for index in indices { total += songs[index].sums }
            return ScoreSums(sums: total).score
        }
    }

    /// The score of each replicate without one song.
    func scores(without song: Int) -> [RegressionScore] { zip(totals, sums).map { ($0 - $1[song]).score } }
}
