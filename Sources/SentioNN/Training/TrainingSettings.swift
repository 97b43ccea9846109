/// How a network is trained.
public struct TrainingSettings: Sendable {
    /// Epochs that the schedule spans.
    public var epochs = 5
    /// Samples per optimizer step.
    public var batch = 16
    /// Samples that go through the network at once, on one core; 0: the whole batch on all cores, as batch
    /// normalization needs.
    public var microBatch = 1
    /// Samples per epoch; every sample is drawn once before any is drawn again, across epochs. 0: all of the source.
    public var samplesPerEpoch = 0
    /// The group of each sample of the source, for epochs that draw every group equally often, whatever its size;
    /// empty: every sample is drawn equally often.
    public var groups: [Int] = []
    /// The optimizer.
    public var optimizer = AdamW(decay: 0.05)
    /// The highest learning rate.
    public var learningRate = 1e-4
    /// Multiply the learning rate of parameters by name: smaller ones for pretrained layers. Those that are not named
    /// have 1.
    public var rateFactors: [String: Double] = [:]
    /// The learning rate over the training.
    public var schedule: any Schedule = CosineSchedule()
    /// Steps of linear warm-up.
    public var warmup = 0
    /// What the network minimizes.
    public var loss: any RegressionLoss = SquaredErrorLoss()
    /// How much each dimension counts in the loss, relative to their sum; empty: all the same.
    public var dimensionWeights: [Double] = []
    /// Largest norm of the gradient; 0: no clipping.
    public var clip = 0.0
    /// Decay of the moving average of the weights, which then makes the predictions; 0: no average.
    public var average: Float = 0
    /// Seed of starting weights, order and dropout.
    public var seed: UInt64 = 0
    /// Threads to use; results depend on their number in the last bits.
    public var threads = 1
    /// The precision of products. Where bfloat16 is not `native` it is slow.
    public var precision = Precision.float32

    /// The Sentio study's settings of its transformer.
    public init() {}
}
