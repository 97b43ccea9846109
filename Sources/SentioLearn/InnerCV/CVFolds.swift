import SentioNumerics

/// How the rows of a training table are assigned to the folds of a cross-validation.
public enum CVFolds: Sendable, Hashable {
    /// Random folds whose sizes differ by at most one.
    case seeded(count: Int, seed: UInt64)
    /// One fold number (any integer) per row, for example to keep the songs of an artist together.
    case given([Int])

    /// The folds of that many rows, in ascending order of their numbers.
    ///
    /// - Throws: `LearnError.badFolds` unless there are at least two folds and every fold leaves two rows to train on.
    public func make(rows: Int) throws -> [CVFold] {
        let numbers: [Int]
        switch self {
        case .seeded(let count, let seed):
            guard count >= 2 else {
                throw LearnError.badFolds(reason: "\(count) folds were requested, but at least 2 are needed")
            }
            guard count <= rows else {
                throw LearnError.badFolds(reason: "\(count) folds were requested, but there are only \(rows) rows")
            }
            var generator = Philox(key: seed, stream: 0)
            var dealt = [Int](repeating: 0, count: rows)
            for (place, row) in generator.permutation(rows).enumerated() { dealt[row] = place % count }
            numbers = dealt
        case .given(let given):
            guard given.count == rows else {
                throw LearnError.badFolds(reason: "\(given.count) fold numbers were given for \(rows) rows")
            }
            numbers = given
        }
        let distinct = Set(numbers).sorted()
        guard distinct.count >= 2 else {
            throw LearnError.badFolds(reason: "all rows are in one fold, but at least 2 folds are needed")
        }
        return try distinct.map { number in
            let fold = CVFold(
                number: number, trainingRows: numbers.indices.filter { numbers[$0] != number },
                validationRows: numbers.indices.filter { numbers[$0] == number })
            guard fold.trainingRows.count >= 2 else {
                throw LearnError.badFolds(reason: "without fold \(number) there are fewer than 2 rows to train on")
            }
            return fold
        }
    }
}
