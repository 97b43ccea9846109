/// How a network is trained.
public struct TrainingSettings: Sendable {
    public var epochs = 5
    /// Samples of one optimizer step.
    public var batch = 16
    /// Samples that go through the network at once, on one core; 0: the whole batch on all cores, as batch
    /// normalisation needs.
    public var microBatch = 1
    /// Samples of one epoch, each drawn once before any is drawn again, across epochs; 0: all of the source.
    public var samplesPerEpoch = 0
    public var optimizer = AdamW(decay: 0.05)
    public var learningRate = 1e-4
    public var schedule: any Schedule = CosineSchedule()
    /// Steps of linear warm-up.
    public var warmup = 0
    public var loss: any RegressionLoss = SquaredErrorLoss()
    /// How much each dimension counts in the loss, as shares of their sum; empty: all the same.
    public var dimensionWeights: [Double] = []
    /// Largest length of the gradient; 0: as it comes.
    public var clip = 0.0
    /// Decay of the moving average of the weights; 0: none. With one, it is what predicts.
    public var average: Float = 0
    public var seed: UInt64 = 0
    public var threads = 1
    /// Of products; bfloat16 is slow where it is not `native`.
    public var precision = Precision.float32

    public init() {}
}
