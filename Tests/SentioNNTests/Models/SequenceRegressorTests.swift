import SentioNN
import SentioNumerics
import Testing

@Suite struct SequenceRegressorTests {
    /// The rating at a step is the sum of all inputs up to it: only a network that remembers can follow it.
    struct Walks: TrainingSource {
        let count = 16
        let inputShape: Shape = [10, 1]
        let dimensions = 10

        func load(
            epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>,
            target: UnsafeMutableBufferPointer<Float>
        ) {
            var random = Philox(key: 9, stream: UInt64(position)), sum: Float = 0
            for step in 0..<10 {
                input[step] = Float(random.nextNormal())
                sum += 0.2 * input[step]
                // Every third step has no rating.
                target[step] = step % 3 == 2 ? .nan : sum
            }
        }
    }

    @Test(arguments: [RecurrentCell.gru, .lstm]) func followsWhatItMustRemember(_ cell: RecurrentCell) throws {
        var configuration = SequenceRegressor.Configuration(inputs: 1, outputs: 1)
        (configuration.cell, configuration.widths, configuration.isBidirectional) = (cell, [8], false)
        (configuration.inputDropout, configuration.dropout) = (0, 0)
        var settings = TrainingSettings()
        (settings.epochs, settings.batch, settings.microBatch, settings.threads) = (80, 4, 1, 2)
        (settings.learningRate, settings.optimizer) = (0.02, AdamW(decay: 0))
        settings.loss = SequenceLoss(SquaredErrorLoss(), dimensions: 1)
        let network = RegressionTrainer.Network(SequenceRegressor(configuration)) { $0($1) }
        let trainer = RegressionTrainer(network, settings: settings, source: Walks())
        var losses: [Double] = []
        for _ in 0..<80 { losses.append(try trainer.runEpoch().loss) }
        #expect(losses[79] < 0.1 * losses[0], "\(losses[0]) to \(losses[79])")
        #expect(try trainer.predict(Walks()).count == 160)
    }

    /// Two blocks of two heads; samples of 21, 13 and 1 steps (`tools/make_nn_fixtures.py`).
    @Test func tenTrainingStepsWithAttentionAreTorchs() throws {
        var configuration = SequenceRegressor.Configuration(inputs: 5, outputs: 2)
        (configuration.widths, configuration.heads) = ([8, 8], 2)
        (configuration.inputDropout, configuration.dropout) = (0, 0)
        let model = SequenceRegressor(configuration)
        try checkTrainingAgainstTorch("sequence-attention", model, input: [3, 22, 5]) { model($0) }
        // Projection, two blocks of attention and feed-forward layer, and the head.
        let projection: Double = 40, block: Double = 4 * 64 + 8 * 64, head: Double = 16
        #expect(configuration.operations == projection + 2 * block + head)
    }

    /// What stands in the steps after a song's end changes nothing within the song.
    @Test func attentionLeavesOutStepsAfterTheEnd() {
        var configuration = SequenceRegressor.Configuration(inputs: 3, outputs: 2)
        (configuration.widths, configuration.heads) = ([8, 8], 2)
        let model = SequenceRegressor(configuration), parameters = ParameterSet(model, seed: 4)
        func predict(_ padding: Float, length: Float) -> [Float] {
            let graph = Graph(isForInference: true), y = model(graph.input("x", [1, 11, 3]))
            let executor = Executor(Program(graph: graph, outputs: [y]), parameters: parameters)
            var values: [Float] = [length, 0, 0]
            for place in 0..<30 { values.append(place < 18 ? Float(place * 37 % 11) - 5 : padding) }
            _ = executor.input("x").update(from: values)
            executor.forward()
            return Array(executor.value(y))
        }
        #expect(predict(3, length: 6)[..<12] == predict(-90, length: 6)[..<12])
        #expect(predict(3, length: 10)[..<12] != predict(-90, length: 10)[..<12])
    }

    @Test func namesAreThoseOfPyTorch() {
        var configuration = SequenceRegressor.Configuration(inputs: 5, outputs: 2)
        configuration.widths = [3, 4]
        let parameters = SequenceRegressor(configuration).parameters
        #expect(parameters.map(\.name).prefix(2) == ["rnn.weight_ih_l0", "rnn.weight_hh_l0"])
        #expect(parameters.map(\.name).suffix(2) == ["head.weight", "head.bias"])
        #expect(parameters.first?.parameter.shape == [9, 5] && parameters.last?.parameter.shape == [2])
        // Three gates in two directions, twice, and the linear layer.
        let first: Double = 144, second: Double = 240, head: Double = 16
        #expect(configuration.operations == first + second + head)
    }
}
