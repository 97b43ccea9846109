import SentioKit
import SentioNN

/// The work of a GAN's training, in multiply-adds.
struct GANWork {
    let recipe: GANRecipe

    /// The cost of comparing two values of two samples, in multiply-adds of a convolution. Estimated from the logged
    /// speeds of one run (2.2 ns versus 0.05), not a benchmark.
    private static let comparison = 40.0

    /// - returns: nil if the number of songs is unknown.
    func workload(of inputs: PortMap<Amount>) -> Workload? {
        guard let songs = inputs[GANTrainStage.split]?.items else { return nil }
        let mels = Double(inputs[GANTrainStage.spectrograms]?.attributes["n_mels"]?.int ?? 128),
            frames = Double(recipe.frames)
        let made = Self.generator(recipe, mels: mels), judged = Self.critic(recipe, mels: mels)
        // The critic sees a real and a generated sample in each of its steps; the generator learns through the critic,
        // once per several of them.
        let penalty =
            (recipe.adversarialLoss.gradientPenalty == nil ? 1.0 : 2) + (recipe.realPenalty > 0 ? 1 : 0)
        let step = made + 6 * penalty * judged + (3 * made + 3 * judged) / Double(recipe.criticSteps)
        let samples = Double(recipe.samples)
        let watch = samples * made + Self.comparison * samples * samples / 2 * mels * frames
        let seen = TrainingWork.trainingShare * songs * Double(recipe.crops)
        var pace: [String: Value] = [
            "dim": .int(recipe.dim), "batch": .int(recipe.batch), "norm": .string(recipe.norm.rawValue),
            "conditioning": .string(recipe.conditioning.rawValue), "loss": .string(recipe.loss.rawValue),
        ]
        if recipe.realPenalty > 0 { pace["r1"] = true }
        let epochs = Double(recipe.epochs(stepsPerEpoch: Int(seen) / recipe.batch))
        let seenInAll: Double =
            if let steps = recipe.steps { Double(steps * recipe.criticSteps * recipe.batch) } else { epochs * seen }
        return Workload(["operations": seenInAll * step + epochs * watch], pace: JSON.text(.map(pace)))
    }

    /// Per sample, forward: a linear layer, and three transposed convolutions that double the size.
    private static func generator(_ recipe: GANRecipe, mels: Double, condition: Double = 2) -> Double {
        let (dim, frames) = (Double(recipe.dim), Double(recipe.frames)), area = mels * frames
        let linear = (Double(recipe.noise) + condition) * dim * area / 64
        return linear + area / 16 * 4 * dim * dim / 2 + area / 4 * 4 * dim / 2 * dim / 4 + area * 4 * dim / 4
    }

    /// Per sample, forward: four convolutions that halve the size, with 4 x 4 kernels.
    private static func critic(_ recipe: GANRecipe, mels: Double, condition: Double = 2) -> Double {
        let (dim, frames) = (Double(recipe.dim), Double(recipe.frames)), area = mels * frames
        let inputs = recipe.conditioning == .channels ? 1 + condition : 1
        let first = area / 4 * 16 * inputs * dim / 4, second = area / 16 * 16 * dim / 4 * dim / 2
        return first + second + area / 64 * 16 * dim / 2 * dim + area / 256 * 16 * dim
    }
}
