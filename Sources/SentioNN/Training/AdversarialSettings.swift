/// How a generator and its critic are trained. The defaults are the Sentio study's.
public struct AdversarialSettings: Sendable {
    /// Samples of one step; all of them at once, for batch normalisation.
    public var batch = 32
    /// Critic steps for each of the generator's.
    public var criticSteps = 1
    public var generatorRate = 2e-4
    public var criticRate = 2e-4
    public var optimizer = AdamW(beta1: 0.5, beta2: 0.999, decay: 0)
    public var loss: any AdversarialLoss = CrossEntropyLoss()
    /// Deviation of normal noise that is added to all the critic sees in the first epoch; it falls on a line to 0 at
    /// `noiseEpochs` (Sønderby et al. 2017).
    public var instanceNoise = 0.0
    public var noiseEpochs = 10
    /// Decay of the moving average of the generator's weights, which then makes the samples; 0: none.
    public var average: Float = 0
    public var seed: UInt64 = 0
    public var threads = 1

    public init() {}

    /// The deviation in an epoch, from 0.
    public func noise(epoch: Int) -> Double { instanceNoise * max(0, 1 - Double(epoch) / Double(max(1, noiseEpochs))) }
}
