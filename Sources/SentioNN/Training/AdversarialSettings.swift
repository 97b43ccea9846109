/// How a generator and its critic are trained. The defaults are the Sentio study's.
public struct AdversarialSettings: Sendable {
    /// Samples per step. All of them go through the networks at once, as batch normalization needs.
    public var batch = 32
    /// Critic steps per generator step.
    public var criticSteps = 1
    /// The generator's learning rate.
    public var generatorRate = 2e-4
    /// The critic's learning rate.
    public var criticRate = 2e-4
    /// The optimizer of both networks.
    public var optimizer = AdamW(beta1: 0.5, beta2: 0.999, decay: 0)
    /// What both networks minimize.
    public var loss: any AdversarialLoss = CrossEntropyLoss()
    /// Standard deviation of the normal noise that is added to all the critic sees in the first epoch; it falls
    /// linearly to 0 at `noiseEpochs` (Sønderby et al. 2017).
    public var instanceNoise = 0.0
    /// The epoch from which there is no more instance noise.
    public var noiseEpochs = 10
    /// Generator steps of the whole training, which then ends within an epoch; nil: epochs are not cut.
    public var generatorSteps: Int?
    /// Weight of the mean over real spectrograms of the squared norm of the score's gradient, added to the critic's
    /// loss (R1 of Mescheder et al. 2018, whose γ is twice this); 0: none.
    public var realPenalty = 0.0
    /// Weight of the squared error of the ratings that a critic with `regresses` reads off real spectrograms (critic's
    /// loss) and off generated ones (generator's loss).
    public var regression = 0.0
    /// What is done to real and generated spectrograms alike before the critic sees them.
    public var augmentation = AdversarialAugmentation()
    /// Decay of the moving average of the generator's weights, which then makes the samples; 0: no average.
    public var average: Float = 0
    /// Seed of starting weights, order and noise.
    public var seed: UInt64 = 0
    /// Threads that the ops may use.
    public var threads = 1

    /// The Sentio study's settings.
    public init() {}

    /// Critic steps of the whole training; nil: no limit.
    var criticStepBudget: Int? { generatorSteps.map { $0 * criticSteps } }

    /// The standard deviation of the instance noise in an epoch, counted from 0.
    func noise(epoch: Int) -> Double { instanceNoise * max(0, 1 - Double(epoch) / Double(max(1, noiseEpochs))) }
}
