import CLearnKernels
import SentioNumerics

/// The boosting of one target, with its predictions, trees and losses.
final class TargetBooster {
    private let options: GBDT
    private let target: Int
    private let threads: Int
    private let table: BinnedTable
    private let grower: TreeGrower
    private let gradients: GradientTable
    private let targets: NumberBuffer<Float>
    private let predictions: NumberBuffer<Float>
    private let validation: BinnedTable?
    private let validationTargets: NumberBuffer<Float>
    private let validationPredictions: NumberBuffer<Float>

    let baseScore: Float
    private(set) var trees: [RegressionTree] = []
    private(set) var training: [Double] = []
    private(set) var validationLosses: [Double] = []
    /// The number of trees up to the best round.
    private(set) var best = 0
    private(set) var isStopped = false

    init(
        options: GBDT, target: Int, table: BinnedTable, targets: [Double], monotone: [Int8],
        validation: (table: BinnedTable, targets: [Double])?, threads: Int
    ) {
        self.options = options
        self.target = target
        self.table = table
        self.threads = threads
        self.validation = validation?.table
        self.targets = TargetBooster.floats(targets)
        validationTargets = TargetBooster.floats(validation?.targets ?? [])
        baseScore = options.loss.function.baseScore(
            UnsafeBufferPointer(start: self.targets.start, count: targets.count))
        predictions = NumberBuffer(targets.count)
        predictions.start.update(repeating: baseScore, count: targets.count)
        validationPredictions = NumberBuffer(validationTargets.count)
        validationPredictions.start.update(repeating: baseScore, count: validationTargets.count)
        gradients = GradientTable(loss: options.loss.function, rows: targets.count)
        grower = TreeGrower(options: options, table: table, monotone: monotone, threads: threads)
        _ = gradients.update(predictions: predictions.start, targets: self.targets.start, threads: threads)
    }

    private static func floats(_ numbers: [Double]) -> NumberBuffer<Float> {
        let buffer = NumberBuffer<Float>(numbers.count)
        for (index, number) in numbers.enumerated() { buffer.start[index] = Float(number) }
        return buffer
    }

    /// One round: grows a tree on the current derivatives, then updates them.
    func boost(round: Int) {
        guard !isStopped else { return }
        let grown = grower.grow(
            gradients: gradients, sample: TreeSample(options: options, target: target, round: round))
        let finisher = TreeFinisher(
            options: options, gradients: gradients, predictions: predictions.start, targets: targets.start,
            threads: threads)
        let (tree, walk) = finisher.finish(grown)
        trees.append(tree)
        training.append(gradients.update(predictions: predictions.start, targets: targets.start, threads: threads))
        guard let validation else {
            best = trees.count
            return
        }
        tree_add_leaves(
            walk, validation.codes.start, Int64(validation.blockStride), nil, Int64(validation.rows),
            validationPredictions.start)
        let loss = options.loss.function.sum(
            predictions: validationPredictions.start, targets: validationTargets.start, count: validation.rows)
        validationLosses.append(loss / Double(validation.rows))
        if best == 0 || validationLosses[trees.count - 1] < validationLosses[best - 1] { best = trees.count }
        if options.earlyStoppingRounds > 0, trees.count - best >= options.earlyStoppingRounds { isStopped = true }
    }

    /// The trees to keep: those up to the best round with early stopping, otherwise all.
    var ensemble: [RegressionTree] {
        options.earlyStoppingRounds > 0 ? Array(trees.prefix(best)) : trees
    }

    var curve: GBDTFit.Curve {
        GBDTFit.Curve(training: training, validation: validationLosses, bestRound: best)
    }
}
