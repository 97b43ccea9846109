import CLearnKernels
import Foundation
import SentioBase
import SentioNumerics

/// The boosting of all classes together: a round takes the derivatives of the cross-entropy once and grows a tree per
/// class on them, as XGBoost does.
final class ClassBooster {
    private let options: GBDT
    private let threads: Int
    private let table: BinnedTable
    private let rows: ClassTable
    private let validation: (table: BinnedTable, rows: ClassTable)?
    /// One per thread; each grows the trees of several classes.
    private let growers: [TreeGrower]
    private let gradients: [GradientTable]

    let baseScores: [Float]
    private(set) var ensembles: [[RegressionTree]]
    private(set) var training: [Double] = []
    private(set) var validationLosses: [Double] = []
    /// The number of rounds up to the best one.
    private(set) var best = 0
    private(set) var isStopped = false

    /// - parameter options: with the loss `softmax`.
    init(
        options: GBDT, table: BinnedTable, classes: [Int], count: Int,
        validation: (table: BinnedTable, classes: [Int])?, threads: Int
    ) {
        self.options = options
        self.threads = threads
        self.table = table
        let baseScores = Self.baseScores(classes, count: count)
        self.baseScores = baseScores
        rows = ClassTable(classes, baseScores: baseScores)
        self.validation = validation.map { ($0.table, ClassTable($0.classes, baseScores: baseScores)) }
        let lanes = max(1, min(threads, count))
        let monotone = table.columns.map { _ in Int8(0) }
        growers = (0..<lanes).map { _ in
            TreeGrower(options: options, table: table, monotone: monotone, threads: max(1, threads / lanes))
        }
        gradients = (0..<count).map { _ in GradientTable(loss: options.loss.function, rows: classes.count) }
        ensembles = [[RegressionTree]](repeating: [], count: count)
        _ = update()
    }

    /// The logarithms of the classes' shares, centered, as XGBoost estimates them: a millionth is added to every share,
    /// so that a class may be without rows.
    private static func baseScores(_ classes: [Int], count: Int) -> [Float] {
        let logs = (0..<count).map { own in
            log(Double(classes.count { $0 == own }) / Double(classes.count) + 1e-6)
        }
        let mean = logs.reduce(0, +) / Double(count)
        return logs.map { Float($0 - mean) }
    }

    /// Computes probabilities and derivatives at the current margins; returns the mean loss.
    private func update() -> Double {
        rows.update(threads: threads)
        return gradients.indices.reduce(0) { sum, own in
            sum
                + gradients[own].update(
                    predictions: rows.probabilities[own].start, targets: rows.targets[own].start, threads: threads)
        }
    }

    /// One round: a tree for each class.
    func boost(round: Int) {
        guard !isStopped else { return }
        let inner = max(1, threads / growers.count)
        var grown = [(tree: RegressionTree, walk: [tree_node])?](repeating: nil, count: ensembles.count)
        grown.withUnsafeMutableBufferPointer { grown in
            Parallel.forEachUnchecked(grown.count, threads: growers.count) { own, lane in
                let tree = growers[lane].grow(
                    gradients: gradients[own], sample: TreeSample(options: options, target: own, round: round))
                grown[own] = TreeFinisher(
                    options: options, gradients: gradients[own], predictions: rows.margins[own].start,
                    targets: rows.targets[own].start, threads: inner
                ).finish(tree)
            }
        }
        for (own, result) in grown.enumerated() {
            guard let result else { preconditionFailure("Every class has a tree.") }
            ensembles[own].append(result.tree)
            if let validation {
                tree_add_leaves(
                    result.walk, validation.table.codes.start, Int64(validation.table.blockStride), nil,
                    Int64(validation.table.rows), validation.rows.margins[own].start)
            }
        }
        training.append(update())
        guard let validation else {
            best = training.count
            return
        }
        validation.rows.update(threads: threads)
        validationLosses.append(validation.rows.loss(options.loss.function))
        if best == 0 || validationLosses[training.count - 1] < validationLosses[best - 1] { best = training.count }
        if options.earlyStoppingRounds > 0, training.count - best >= options.earlyStoppingRounds { isStopped = true }
    }

    /// The trees to keep: those up to the best round with early stopping, otherwise all.
    var kept: [[RegressionTree]] {
        options.earlyStoppingRounds > 0 ? ensembles.map { Array($0.prefix(best)) } : ensembles
    }

    var curve: GBDTFit.Curve {
        GBDTFit.Curve(training: training, validation: validationLosses, bestRound: best)
    }
}
