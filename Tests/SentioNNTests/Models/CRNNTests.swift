@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct CRNNTests {
    /// The study counts as Keras does: running statistics too, and one bias per recurrent gate where PyTorch has two.
    @Test func theStudysFeatureFramesHaveTheStudysSize() {
        let model = CRNN(.featureFrames)
        let count = model.parameters.reduce(0) {
            $0 + ($1.name.hasPrefix("rnn.bias_hh") ? 0 : $1.parameter.shape.count)
        }
        #expect(count == 282_146)
        #expect(CRNN.Configuration.featureFrames.sequence == (150, 128))
    }

    @Test func theSpectrogramFormHasThePeersSize() {
        #expect(ParameterSet(CRNN(.init()), seed: 0).trainedCount == 1_162_370)
        #expect(CRNN.Configuration().sequence == (40, 512))
    }

    /// The gradient of a bias before batch normalization is nothing but rounding, of which Adam makes whole steps; only
    /// the running means see them.
    static let tolerance: Float = 1e-2

    static func small(_ channels: [Int], _ pools: [Extent], mels: Int, frames: Int) -> CRNN.Configuration {
        var c = CRNN.Configuration()
        (c.height, c.frames, c.widths, c.recurrentDropout) = (mels, frames, [6, 6], 0)
        c.blocks = zip(channels, pools).map { CRNN.Block(channels: $0, pool: $1, dropout: 0) }
        c.head = [CRNN.Hidden(width: 5)]
        return c
    }

    @Test func lstmWithMean() throws {
        let model = CRNN(Self.small([16, 32], [Extent(2, 4), Extent(3, 2)], mels: 8, frames: 45))
        try checkTrainingAgainstTorch("crnn-lstm", model, input: [4, 8, 45], trainedTolerance: Self.tolerance) {
            model($0)
        }
    }

    /// Channel counts that cannot be divided into groups.
    @Test func gruWithAttention() throws {
        var c = Self.small([6, 10], [Extent(2, 4), Extent(2, 2)], mels: 9, frames: 37)
        (c.cell, c.pooling) = (.gru, .attention)
        let model = CRNN(c)
        try checkTrainingAgainstTorch("crnn-gru", model, input: [3, 9, 37], trainedTolerance: Self.tolerance) {
            model($0)
        }
    }

    @Test func featureFrames() throws {
        var c = CRNN.Configuration.featureFrames
        (c.height, c.frames, c.widths, c.recurrentDropout, c.stateDropout) = (5, 22, [7, 4], 0, 0)
        c.blocks = [6, 8].map { CRNN.Block(channels: $0, pool: Extent(1, 2), dropout: 0) }
        c.head = [CRNN.Hidden(width: 6), CRNN.Hidden(width: 3)]
        let model = CRNN(c)
        try checkTrainingAgainstTorch("crnn-features", model, input: [4, 22, 5], trainedTolerance: Self.tolerance) {
            model($0)
        }
    }

    /// The fused op against the ops that it replaces, including dropout and remainders at the edges.
    @Test func fusedBlocksAreThePlainOnes() {
        let norm = BatchNorm(16), conv = Conv2d(1, 16, kernel: Extent(3), padding: Extent(1))
        struct Both: Layer { let parameters: [(name: String, parameter: Weight)] }
        let layer = Both(parameters: norm.parameters(under: "norm") + conv.parameters(under: "conv"))
        let parameters = ParameterSet(layer, seed: 3), graph = Graph(), x = graph.input("x", [2, 1, 7, 11])
        for entry in parameters.entries where entry.name.hasPrefix("norm") {
            for index in 0..<16 { parameters[entry][index] += Float(index % 5) * 0.2 - 0.3 }
        }
        // Even channels are normalized downwards: the largest x is then the smallest y.
        for index in stride(from: 0, to: 16, by: 2) {
            parameters[parameters.entry(named: "norm.weight")!][index] = -0.7
        }
        let fused = norm.pooled(conv.inGroups(x), Extent(2, 3), dropout: 0).permuted(0, 1, 4, 2, 3).reshaped([
            2, 16, 3, 3,
        ])
        let plain = relu(norm(conv(x))).maxPooled(Extent(2, 3))
        for isTraining in [false, true] {
            let program = Program(graph: graph, loss: isTraining ? fused : nil, outputs: [fused, plain], threads: 2)
            let executor = Executor(
                program, parameters: parameters, gradients: isTraining ? AlignedFloats(count: parameters.count) : nil)
            for index in executor.input("x").indices { executor.input("x")[index] = Float((index * 37) % 101) / 50 - 1 }
            executor.forward()
            #expect(TorchFixture.difference(executor.value(fused), Array(executor.value(plain))) < 1e-5)
            #expect(executor.value(fused).contains { $0 > 0.1 })
        }
    }

    @Test func impossibleSizesHaveASentence() {
        var c = CRNN.Configuration()
        #expect(c.problem == nil && CRNN.Configuration.featureFrames.problem == nil)
        c.frames = 63
        #expect(c.problem == "An input of 128 x 63 is too small for these pooling windows: nothing is left of it.")
        c = .featureFrames
        c.blocks[0].pool.height = 2
        #expect(c.problem?.contains("over time only") == true)
        c = .init()
        c.recurrentDropout = 1
        #expect(c.problem == "Dropout rates must be at least 0 and below 1.")
        c.widths = []
        #expect(c.problem != nil)
    }

    /// The trainer's whole batch on all cores: the same bits every time, also after a restart, running statistics
    /// included.
    @Test func aRestoredTrainingEndsWithTheSameBits() throws {
        var c = Self.small([16, 16], [Extent(2, 2), Extent(2, 2)], mels: 8, frames: 13)
        (c.recurrentDropout, c.blocks[0].dropout, c.blocks[1].dropout) = (0.2, 0.2, 0.2)
        let network = RegressionTrainer.Network(CRNN(c)) { $0($1) }
        let settings = RegressionTrainerTests.settings { ($0.microBatch, $0.epochs, $0.average) = (0, 3, 0.9) }
        let whole = RegressionTrainer(network, settings: settings, source: RegressionTrainerTests.Pictures(count: 10))
        // Ten samples in batches of four: the remainder is left out.
        #expect(whole.stepsPerEpoch == 2)
        for _ in 0..<3 { _ = try whole.runEpoch() }
        let first = RegressionTrainer(network, settings: settings, source: RegressionTrainerTests.Pictures(count: 10))
        _ = try first.runEpoch()
        let second = RegressionTrainer(network, settings: settings, source: RegressionTrainerTests.Pictures(count: 10))
        try second.restore(try SafetensorsFile(bytes: first.state.bytes()))
        for _ in 0..<2 { _ = try second.runEpoch() }
        #expect(try second.state.bytes() == whole.state.bytes())
        #expect(whole.state.tensors["conv.1.running_var"]?.values.contains { $0 != 1 } == true)
    }

    @Test func learns() throws {
        let network = RegressionTrainer.Network(CRNN(Self.small([16], [Extent(2, 2)], mels: 8, frames: 13))) { $0($1) }
        let settings = RegressionTrainerTests.settings { ($0.microBatch, $0.epochs, $0.learningRate) = (0, 60, 1e-2) }
        let trainer = RegressionTrainer(network, settings: settings, source: RegressionTrainerTests.Pictures())
        var losses: [Double] = []
        for _ in 0..<60 { losses.append(try trainer.runEpoch().loss) }
        #expect(losses[59] < 0.2 * losses[0], "\(losses[0]) to \(losses[59])")
    }
}
