@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct RegressionTrainerTests {
    /// Generated images [8, 13] whose ratings are their mean and their slope along frames.
    struct Pictures: TrainingSource {
        var count = 12
        var hasNaN = false
        let inputShape: Shape = [8, 13]
        let dimensions = 2
        func load(
            epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>,
            target: UnsafeMutableBufferPointer<Float>
        ) {
            var random = Philox(key: 5, stream: UInt64(position))
            target[0] = Float(random.nextNormal())
            target[1] = Float(random.nextNormal())
            for index in input.indices {
                input[index] = target[0] + target[1] * Float(index % 13 - 6) / 6 + 0.1 * Float(random.nextNormal())
            }
            if hasNaN { input[3] = .nan }
        }
    }

    static let network = RegressionTrainer.Network(AudioSpectrogramTransformerTests.small { $0.dropout = 0.1 }) {
        $0($1)
    }

    static func settings(_ change: (inout TrainingSettings) -> Void = { _ in }) -> TrainingSettings {
        var settings = TrainingSettings()
        (settings.epochs, settings.batch, settings.microBatch, settings.threads, settings.learningRate) = (
            4, 4, 2, 2, 3e-3
        )
        change(&settings)
        return settings
    }

    @Test func learns() throws {
        let settings = Self.settings { ($0.epochs, $0.clip, $0.average) = (40, 1, 0.9) }
        let trainer = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        var losses: [Double] = []
        for _ in 0..<40 { losses.append(try trainer.runEpoch().loss) }
        #expect(losses[39] < 0.3 * losses[0], "\(losses[0]) to \(losses[39])")
        let predicted = try trainer.predict(Pictures())
        var truth = [Float](repeating: 0, count: 2), input = [Float](repeating: 0, count: 104), sum = 0.0
        for position in 0..<12 {
            input.withUnsafeMutableBufferPointer { input in
                truth.withUnsafeMutableBufferPointer {
                    Pictures().load(epoch: 0, position: position, input: input, target: $0)
                }
            }
            for dimension in 0..<2 {
                sum +=
                    (predicted[position * 2 + dimension] - Double(truth[dimension]))
                    * (predicted[position * 2 + dimension] - Double(truth[dimension]))
            }
        }
        #expect(sum / 24 < 0.3, "\(sum / 24)")
    }

    @Test func aRateFactorIsThatOfItsParameterAlone() throws {
        let settings = Self.settings { $0.rateFactors = ["pos_embed": 0] }
        let trainer = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        let before = trainer.parameters.entries.map { Array(trainer.parameters[$0]) }
        _ = try trainer.runEpoch()
        for (entry, old) in zip(trainer.parameters.entries, before) where entry.parameter.isTrained {
            #expect((Array(trainer.parameters[entry]) == old) == (entry.name == "pos_embed"), "\(entry.name)")
        }
    }

    @Test func aRestoredTrainingEndsWithTheSameBits() throws {
        let settings = Self.settings { $0.average = 0.9 }
        let whole = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        for _ in 0..<4 { _ = try whole.runEpoch() }
        let first = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        for _ in 0..<2 { _ = try first.runEpoch() }
        let bytes = try first.state.bytes()
        let second = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        try second.restore(try SafetensorsFile(bytes: bytes))
        for _ in 0..<2 { _ = try second.runEpoch() }
        #expect(second.epoch == 4)
        #expect(try second.state.bytes() == whole.state.bytes())
    }

    /// Also in the middle of an epoch.
    @Test(arguments: [1, 2, 3]) func aTrainingStoppedWithinAnEpochEndsWithTheSameBits(_ stop: Int) throws {
        struct Stop: Error {}
        let settings = Self.settings { ($0.average, $0.epochs) = (0.9, 2) }
        let whole = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        let epochs = [try whole.runEpoch(), try whole.runEpoch()]
        let first = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        _ = try first.runEpoch()
        #expect(throws: Stop.self) { try first.runEpoch { step, _ in if step == stop { throw Stop() } } }
        #expect(first.stepsOfEpoch == stop)
        let second = RegressionTrainer(Self.network, settings: settings, source: Pictures())
        try second.restore(try SafetensorsFile(bytes: try first.state.bytes()))
        let rest = try second.runEpoch()
        #expect(
            rest.loss == epochs[1].loss && rest.gradientNorm == epochs[1].gradientNorm
                && rest.learningRate == epochs[1].learningRate)
        #expect(rest.predictions == epochs[1].predictions && rest.targets == epochs[1].targets)
        #expect(try second.state.bytes() == whole.state.bytes())
    }

    @Test func theLossOfTwoLanesIsTheSameEveryTime() throws {
        let settings = Self.settings { ($0.microBatch, $0.batch) = (1, 12) }
        let losses = try (0..<8).map { _ in
            try RegressionTrainer(Self.network, settings: settings, source: Pictures()).runEpoch().loss
        }
        #expect(Set(losses).count == 1)
    }

    /// Each part, computed by hand.
    @Test func memoryIsKnownBeforeAnyIsTaken() {
        func memory(_ change: (inout TrainingSettings) -> Void = { _ in }) -> RegressionTrainer.Memory {
            RegressionTrainer.memory(Self.network, settings: Self.settings(change), inputShape: [8, 13])
        }
        let block = MemoryLayout<Float>.stride * ParameterSet(Self.network.layer, seed: 0).count
        let two = memory(), one = memory { $0.threads = 1 }
        func arena(_ samples: Int, isTraining: Bool) -> Int {
            let graph = Graph(), y = Self.network.call(graph.input("x", [samples, 8, 13]))
            return Program(graph: graph, loss: isTraining ? y : nil, outputs: [y]).arenaBytes
        }
        #expect(two.lanes == 2 * arena(2, isTraining: true) && one.lanes == arena(2, isTraining: true))
        #expect(two.gradients == 2 * block && two.parameters == 3 * block && two.convolutions == 0)
        #expect(two.predicting == 2 * arena(1, isTraining: false) + 2 * block)
        #expect(two.process - one.process == Product.bytesPerThread)
        #expect(two.total == two.lanes + two.gradients + two.parameters + two.predicting + two.process)
        #expect(memory { $0.average = 0.9 }.parameters == 4 * block)
        // More lanes than micro-batches would have nothing to do.
        #expect(memory { $0.threads = 5 }.lanes == two.lanes)
        #expect(memory { $0.precision = .bfloat16 }.lanes > two.lanes)
    }

    /// One executor with all threads, and a convolution for each of them, in training and prediction alike.
    @Test func memoryOfConvolutionsIsCounted() {
        let network = RegressionTrainer.Network(
            CRNN(CRNNTests.small([16, 16], [Extent(2, 2), Extent(2, 2)], mels: 8, frames: 13))
        ) {
            $0($1)
        }
        func bytes(_ threads: Int) -> Int {
            let settings = Self.settings { ($0.microBatch, $0.threads) = (0, threads) }
            return RegressionTrainer.memory(network, settings: settings, inputShape: [8, 13]).convolutions
        }
        #expect(bytes(1) > 4 * 4 * 16 * 16 * 9 && bytes(3) == 3 * bytes(1))
    }

    @Test func startingValuesAreTheAveragesToo() throws {
        let trainer = RegressionTrainer(Self.network, settings: Self.settings { $0.average = 0.5 }, source: Pictures())
        let entry = trainer.parameters.entries[0]
        trainer.start(from: [entry.name: [Float](repeating: 0.25, count: entry.count)])
        #expect(trainer.weights.tensors[entry.name]?.values.allSatisfy { $0 == 0.25 } == true)
    }

    @Test func earlierWeightsPredictAsTheyDid() throws {
        let trainer = RegressionTrainer(Self.network, settings: Self.settings(), source: Pictures())
        let (weights, predicted) = (trainer.weights, try trainer.predict(Pictures()))
        _ = try trainer.runEpoch()
        #expect(try trainer.predict(Pictures()) != predicted)
        #expect(try trainer.predict(Pictures(), weights: weights) == predicted)
    }

    @Test(arguments: [SquaredErrorLoss(), ConcordanceLoss()] as [any RegressionLoss])
    func microBatchesDoNotChangeTheGradient(_ loss: any RegressionLoss) throws {
        func weights(_ micro: Int, threads: Int) throws -> [SafetensorsFile.Tensor] {
            let settings = Self.settings { ($0.microBatch, $0.threads, $0.loss, $0.epochs) = (micro, threads, loss, 1) }
            let trainer = RegressionTrainer(Self.network, settings: settings, source: Pictures())
            _ = try trainer.runEpoch()
            return trainer.weights.tensors.sorted { $0.key < $1.key }.map(\.value)
        }
        for (a, b) in zip(try weights(4, threads: 1), try weights(1, threads: 2)) {
            for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < 2e-4) }
        }
    }

    @Test func aLossThatIsNoNumberEndsWithASentence() {
        let trainer = RegressionTrainer(Self.network, settings: Self.settings(), source: Pictures(hasNaN: true))
        #expect(throws: TrainingError.diverged(epoch: 0, step: 0, losses: [])) { try trainer.runEpoch() }
    }

    @Test func aForeignStateIsRefused() throws {
        let trainer = RegressionTrainer(Self.network, settings: Self.settings(), source: Pictures())
        var state = trainer.state
        state.tensors["pos_embed"] = .init(shape: [1], values: [0])
        #expect(throws: TrainingError.self) { try trainer.restore(state) }
        #expect(throws: TrainingError.self) { try trainer.restore(SafetensorsFile()) }
    }
}
