import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics

/// Chooses depth, learning rate and number of rounds by inner cross-validation, one combination for all dimensions. A
/// fit with the most rounds covers all smaller numbers: its first trees are theirs.
struct GBDTSearch {
    let depths: [Int]
    let rates: [Double]
    let rounds: [Int]
    private let configuration: Configuration

    /// One combination.
    struct Candidate: Equatable {
        let depth: Int
        let rate: Double
        let rounds: Int
    }

    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        // Simplest first, so that ties go to the simpler model.
        depths = Set(configuration[GBDTStage.maxDepth]).sorted()
        rates = Set(configuration[GBDTStage.learningRate]).sorted()
        rounds = Set(configuration[GBDTStage.rounds]).sorted()
        self.configuration = configuration
        for (name, isEmpty) in [
            ("max_depth", depths.isEmpty), ("learning_rate", rates.isEmpty), ("rounds", rounds.isEmpty),
        ] where isEmpty {
            throw ConfigurationErrors(name, "give at least one value.")
        }
    }

    /// All combinations, in the order of the curve's rows.
    var candidates: [Candidate] {
        depths.flatMap { depth in
            rates.flatMap { rate in rounds.map { Candidate(depth: depth, rate: rate, rounds: $0) } }
        }
    }

    /// Fits a method on a part of the training songs; returns the predictions of its first rounds, however many, for
    /// the held-out ones.
    typealias Fit = (
        _ method: GBDT, _ part: InnerCV.Part, _ onRound: @escaping (GBDTRound) throws -> Void
    ) throws -> (_ rounds: Int) throws -> Matrix

    /// The method with the best combination; reports the scores and the choice.
    func choose(_ method: GBDT, _ training: TrainingSet, _ context: StageContext) throws -> GBDT {
        try choose(method, training, context, criterion: "mean squared error") { method, part, onRound in
            let model = try method.fit(
                features: part.features, targets: part.targets, featureNames: training.featureNames,
                targetNames: training.dimensions, threads: context.threads, onRound: onRound
            ).model
            return { try model.prefix(rounds: $0).predict(part.validationFeatures) }
        }
    }

    /// The same for any sort of trees.
    /// - parameter criterion: what the mean squared error of their predictions is called.
    func choose(
        _ method: GBDT, _ training: TrainingSet, _ context: StageContext, criterion: String, fit: Fit
    ) throws -> GBDT {
        let candidates = candidates
        func set(_ candidate: Candidate, _ method: GBDT) -> GBDT {
            var method = method
            method.maxDepth = candidate.depth
            method.learningRate = candidate.rate
            method.rounds = candidate.rounds
            return method
        }
        guard candidates.count > 1 else { return set(candidates[0], method) }

        let folds = configuration[GBDTStage.folds]
        let assignment = try training.innerFolds(
            folds, choosing: "rounds, learning_rate and max_depth", unlessGiven: "one value of each")
        let fits = candidates.filter { $0.rounds == rounds.last }
        let total = folds * fits.count * (rounds.last ?? 0)
        var done = 0
        let curve = try InnerCV(folds: assignment).score(
            candidates: candidates.count, features: training.features, targets: training.targets
        ) { part in
            try fits.flatMap { candidate in
                let predict = try fit(set(candidate, method), part) { _ in
                    try context.checkCancelled()
                    done += 1
                    context.services.progress(done: done, of: total, note: "rounds of the inner cross-validation")
                }
                return try rounds.map { try predict($0) }
            }
        }
        report(candidates, curve, criterion, context)
        return set(candidates[curve.bestOverall], method)
    }

    private func report(
        _ candidates: [Candidate], _ curve: CVCurve, _ criterion: String, _ context: StageContext
    ) {
        for (index, candidate) in candidates.enumerated() {
            let error = curve.meanSquaredError.row(index).reduce(0, +) / Double(curve.meanSquaredError.columns)
            context.services.log(
                "max_depth \(candidate.depth), learning_rate \(NumberText.short(candidate.rate)), rounds "
                    + "\(candidate.rounds): "
                    + "\(criterion) \(NumberText.short(error)) over \(configuration[GBDTStage.folds]) inner "
                    + "folds.")
        }
        let best = candidates[curve.bestOverall]
        context.services.metric("chosen.max_depth", Double(best.depth))
        context.services.metric("chosen.learning_rate", best.rate)
        context.services.metric("chosen.rounds", Double(best.rounds))
        // A depth of 0 means no limit, so it is not an edge of the grid.
        GridEdge(parameter: "max_depth", least: 1).check(
            [(Double(best.depth), "")], grid: depths.filter { $0 > 0 }.map(Double.init), context.services)
        GridEdge(parameter: "learning_rate", most: 1).check([(best.rate, "")], grid: rates, context.services)
        GridEdge(parameter: "rounds", least: 1).check(
            [(Double(best.rounds), "")], grid: rounds.map(Double.init), context.services)
    }
}
