@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct PredictorTests {
    private static let pictures = RegressionTrainerTests.Pictures()

    /// The bits do not depend on threads, on earlier predictions, or on whether there is a trainer.
    @Test func aStoredNetworkPredictsAsItsTrainerDoes() throws {
        let settings = RegressionTrainerTests.settings { $0.average = 0.9 }
        let trainer = RegressionTrainer(RegressionTrainerTests.network, settings: settings, source: Self.pictures)
        _ = try trainer.runEpoch()
        let trained = try trainer.predict(Self.pictures)
        let file = try SafetensorsFile(bytes: try trainer.weights.bytes())
        let parameters = try ParameterSet(RegressionTrainerTests.network.layer, from: file)
        for threads in [1, 2, 5, 20] {
            let predictor = Predictor(
                RegressionTrainerTests.network, parameters: parameters, inputShape: Self.pictures.inputShape,
                threads: threads)
            #expect(try predictor.predict(Self.pictures) == trained)
            let few = try predictor.predict(RegressionTrainerTests.Pictures(count: 3))
            #expect(few == Array(trained[..<6]) && predictor.dimensions == 2)
        }
    }

    @Test func anErrorOfTheCallerEndsIt() throws {
        struct Stop: Error {}
        let parameters = ParameterSet(RegressionTrainerTests.network.layer, seed: 1)
        let predictor = Predictor(
            RegressionTrainerTests.network, parameters: parameters, inputShape: Self.pictures.inputShape, threads: 2)
        #expect(throws: Stop.self) { try predictor.predict(Self.pictures) { if $0 == 3 { throw Stop() } } }
    }

    @Test func memoryGrowsWithThreads() {
        func memory(_ threads: Int) -> Int {
            Predictor.memory(
                RegressionTrainerTests.network, inputShape: Self.pictures.inputShape, threads: threads)
        }
        #expect(memory(1) < memory(2) && memory(3) - memory(2) == memory(2) - memory(1))
    }

    /// Sizes from a stranger's file are compared with the weights first: these would take 80 GB.
    @Test func shapesAreCheckedBeforeMemoryIsAllocated() throws {
        var sizes = AudioSpectrogramTransformer.Configuration()
        (sizes.width, sizes.heads, sizes.hidden, sizes.depth) = (8192, 1, 65_536, 20)
        let layer = AudioSpectrogramTransformer(sizes)
        #expect(throws: TrainingError.foreignState(reason: "`cls_token` is missing")) {
            try ParameterSet(layer, from: SafetensorsFile())
        }
        let file = SafetensorsFile(["cls_token": .init(shape: [1, 1, 2], values: [1, 2])])
        #expect(throws: TrainingError.foreignState(reason: "`cls_token` is [1, 1, 2] where [1, 1, 8192] is needed")) {
            try ParameterSet(layer, from: file)
        }
    }
}
