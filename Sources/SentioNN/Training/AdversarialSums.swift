/// Sums over the steps of the current epoch.
struct AdversarialSums: Equatable {
    var steps = 0
    var generatorSteps = 0
    var criticLoss = 0.0
    var generatorLoss = 0.0
    var right = Right(real: 0, fake: 0)
    var criticGradient = 0.0
    var generatorGradient = 0.0
    var penalty = 0.0
    var realPenalty = 0.0
    /// Mean score of real spectrograms less that of generated ones.
    var margin = 0.0
    var ratingError = 0.0
    var ratingErrorOnFake = 0.0

    static func margin(real: [Double], fake: [Double]) -> Double {
        func mean(_ scores: [Double]) -> Double { scores.reduce(0, +) / Double(max(1, scores.count)) }
        return mean(real) - mean(fake)
    }

    /// Shares of spectrograms that the critic recognized.
    struct Right: Equatable {
        var real: Double
        var fake: Double
    }

    func mean(_ path: KeyPath<AdversarialSums, Double>) -> Double {
        steps > 0 ? self[keyPath: path] / Double(steps) : 0
    }
    func meanOfGenerator(_ path: KeyPath<AdversarialSums, Double>) -> Double {
        generatorSteps > 0 ? self[keyPath: path] / Double(generatorSteps) : 0
    }

    mutating func add(loss: Double, gradient: Double, right: Right) {
        steps += 1
        criticLoss += loss
        criticGradient += gradient
        self.right.real += right.real
        self.right.fake += right.fake
    }

    mutating func add(generatorLoss: Double, gradient: Double) {
        generatorSteps += 1
        self.generatorLoss += generatorLoss
        generatorGradient += gradient
    }

    // MARK: In a checkpoint

    var text: String {
        ([steps, generatorSteps].map { "\($0)" }
            + [
                criticLoss, generatorLoss, right.real, right.fake, criticGradient, generatorGradient, penalty,
                realPenalty, margin, ratingError, ratingErrorOnFake,
            ].map { "\($0)" })
            .joined(separator: " ")
    }

    init() {}

    /// Reads `text`; nil for any other text, such as that of an earlier version, which had fewer sums.
    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init), numbers = parts.dropFirst(2).compactMap { Double($0) }
        guard parts.count == 13, numbers.count == 11, let steps = Int(parts[0]), let others = Int(parts[1]), steps >= 0,
            others >= 0
        else {
            return nil
        }
        (self.steps, generatorSteps) = (steps, others)
        (criticLoss, generatorLoss, right) = (numbers[0], numbers[1], Right(real: numbers[2], fake: numbers[3]))
        (criticGradient, generatorGradient, penalty) = (numbers[4], numbers[5], numbers[6])
        (realPenalty, margin, ratingError, ratingErrorOnFake) = (numbers[7], numbers[8], numbers[9], numbers[10])
    }
}

extension AdversarialLoss {
    /// The shares of scores on the right side of the loss's threshold: real above it, generated below.
    func right(real: [Double], fake: [Double]) -> AdversarialSums.Right {
        func mean(_ scores: [Double]) -> Double { scores.reduce(0, +) / Double(max(1, scores.count)) }
        let threshold = threshold(real: real, fake: fake)
        return AdversarialSums.Right(
            real: mean(real.map { $0 > threshold ? 1 : 0 }), fake: mean(fake.map { $0 < threshold ? 1 : 0 }))
    }
}
