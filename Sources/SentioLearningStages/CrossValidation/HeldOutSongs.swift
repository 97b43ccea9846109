import SentioLearn
import SentioNumerics

/// Training songs with the predictions of a stack's members that had not seen them.
struct HeldOutSongs {
    let songs: [String]
    /// The inner fold of each.
    let foldOf: [Int]
    /// Songs × dimensions.
    let truth: Matrix
    /// Of each member, songs × dimensions.
    let predictions: [Matrix]

    /// The weights of the members.
    /// - throws: `LearnError`.
    func fit(_ method: Stacking.Method, bases: [String], targets: [String]) throws -> StackingModel {
        // A single fold, which remains of two, cannot choose a penalty.
        let folds: CVFolds = Set(foldOf).count > 1 ? .given(foldOf) : .seeded(count: min(5, songs.count), seed: 0)
        return try Stacking(method: method, folds: folds).fit(
            predictions: predictions, truth: truth, bases: bases, targets: targets, songs: songs)
    }

    /// Predictions of the stack for these songs, each with weights that were fitted without the songs of its fold.
    /// - returns: songs × dimensions.
    /// - throws: `LearnError`, where a fold leaves fewer than two songs.
    func blended(_ method: Stacking.Method, bases: [String], targets: [String]) throws -> Matrix {
        var result = Matrix(rows: songs.count, columns: targets.count)
        for fold in Set(foldOf).sorted() {
            let held = foldOf.indices.filter { foldOf[$0] == fold }
            let others = foldOf.indices.filter { foldOf[$0] != fold }
            let model = try selecting(others).fit(method, bases: bases, targets: targets)
            let blend = try model.predict(predictions.map { $0.selecting(rows: held) }, songs: held.map { songs[$0] })
            for (place, row) in held.enumerated() {
                for target in 0..<blend.columns { result[row, target] = blend[place, target] }
            }
        }
        return result
    }

    private func selecting(_ rows: [Int]) -> HeldOutSongs {
        HeldOutSongs(
            songs: rows.map { songs[$0] }, foldOf: rows.map { foldOf[$0] }, truth: truth.selecting(rows: rows),
            predictions: predictions.map { $0.selecting(rows: rows) })
    }
}
