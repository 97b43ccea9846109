@testable import SentioNN
import SentioNumerics
import Synchronization
import Testing

/// Fine-tuning against PyTorch (`tools/make_finetune_fixtures.py`) and against finite differences.
@Suite struct EncoderRegressorTests {
    private static func musicnn() -> MusiCNN {
        var c = MusiCNN.Configuration()
        (c.bands, c.timbralChannels, c.timbralHeights) = (12, 3, [5, 8])
        (c.temporalChannels, c.temporalLengths, c.width, c.hidden, c.tags) = (2, [8, 4, 2], 4, 6, 3)
        c.keepsStatistics = true
        return MusiCNN(c)
    }

    private static func vgg() -> VGG {
        var c = VGG.Configuration()
        (c.bands, c.frames, c.channels, c.tags, c.keepsStatistics) = (66, 70, 4, 3, true)
        return VGG(c)
    }

    private static func regressor(
        _ encoder: any TaggingEncoder = Self.musicnn(), patch: Shape = [19, 12],
        _ change: (inout EncoderRegressor.Configuration) -> Void = { _ in }
    ) -> EncoderRegressor {
        var c = EncoderRegressor.Configuration()
        change(&c)
        return EncoderRegressor(encoder, patch: patch, c)
    }

    /// The encoder's published-like weights, by name.
    private static func encoderWeights() throws -> [String: [Float]] {
        let tensors = try TorchFixture.load("musicnn").filter { $0.key.hasPrefix("weight:") }
        return Dictionary(uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst(7)), $0.value.values) })
    }

    private static func fill(_ parameters: ParameterSet, _ values: [String: [Float]]) {
        for entry in parameters.entries {
            if let given = values[entry.name] { _ = parameters[entry].update(from: given) }
        }
    }

    @Test func threeStepsOfAllLayersAreTorchs() throws {
        let fixture = try TorchFixture.load("finetune"), x = try #require(fixture["x"]), y = try #require(fixture["y"])
        let place = try #require(fixture["place"]), losses = try #require(fixture["losses"])
        let model = Self.regressor { ($0.part, $0.features, $0.contexts) = (.all, .both, 2) }
        #expect(model.inputShape == [19 * 12 + 2])
        let parameters = ParameterSet(model, seed: 1), gradients = AlignedFloats(count: parameters.count)
        Self.fill(parameters, try Self.encoderWeights())
        for entry in parameters.entries where entry.name.hasPrefix("head.") {
            let tensor = try #require(fixture["weight:\(entry.name)"], "\(entry.name)")
            #expect(tensor.shape == entry.parameter.shape.dims)
            _ = parameters[entry].update(from: tensor.values)
        }
        let graph = Graph(), prediction = model(graph.input("x", [3, 19 * 12 + 2]))
        let loss = meanSquaredError(prediction, graph.input("y", [3, 2]))
        let executor = Executor(
            Program(graph: graph, loss: loss, outputs: [prediction]), parameters: parameters, gradients: gradients)
        let factors = model.rateFactors(decay: 0.5)
        let rateFactors = parameters.entries.map { Float(factors[$0.name] ?? 1) }
        let optimizer = AdamW(decay: 0.05), state = AdamW.State(parameters)
        var samples: [Float] = []
        for row in 0..<3 {
            samples += x.values[row * 228..<(row + 1) * 228]
            samples += place.values[row * 2..<(row + 1) * 2]
        }
        for step in 0..<3 {
            _ = executor.input("x").update(from: samples)
            _ = executor.input("y").update(from: y.values)
            gradients.pointer.update(repeating: 0, count: gradients.count)
            executor.run()
            let expected = losses.values[step], found = executor.value(loss)[0]
            #expect(abs(found - expected) < 1e-4 * max(1, expected), "loss of step \(step): \(found), not \(expected)")
            if step == 0 {
                #expect(
                    TorchFixture.difference(executor.value(prediction), fixture["prediction"]?.values ?? []) < 1e-5)
                for entry in parameters.entries where entry.parameter.isTrained {
                    let gradient = UnsafeBufferPointer(start: gradients.pointer + entry.offset, count: entry.count)
                    let found = TorchFixture.difference(gradient, fixture["gradient:\(entry.name)"]?.values ?? [])
                    #expect(found < 2e-5, "gradient of \(entry.name) off by \(found)")
                }
            }
            optimizer.update(
                parameters, gradients: gradients, state: state, rate: 1e-2, rateFactors: rateFactors)
        }
        for entry in parameters.entries {
            // Running statistics among them: they are as they were.
            let found = TorchFixture.difference(parameters[entry], fixture["trained:\(entry.name)"]?.values ?? [])
            #expect(found < (entry.parameter.isTrained ? 1e-3 : 0.0000001), "\(entry.name) off by \(found)")
        }
    }

    /// What is below the border and what is above it make the whole network, wherever the border is.
    @Test(arguments: EncoderRegressor.Features.allCases) func theBorderChangesNoPrediction(
        _ features: EncoderRegressor.Features
    ) throws {
        let encoders: [(any TaggingEncoder, Shape)] = [(Self.musicnn(), [19, 12]), (Self.vgg(), [70, 66])]
        for (encoder, patch) in encoders {
            let whole = ParameterSet(encoder, seed: 4)
            var found: [[Float]] = []
            for part in EncoderRegressor.Part.allCases {
                let model = Self.regressor(encoder, patch: patch) {
                    ($0.part, $0.features, $0.headHidden, $0.dropout) = (part, features, 5, 0.5)
                }
                let own = ParameterSet(model, seed: 9)
                var values: [String: [Float]] = [:]
                for entry in whole.entries { values[entry.name] = Array(whole[entry]) }
                Self.fill(own, values)
                for entry in own.entries where entry.name == "head.output.weight" {
                    for index in own[entry].indices { own[entry][index] = Float(index % 7) - 3 }
                }
                let frozen = FrozenActivations(whole, input: patch, threads: 2, model.below)
                let kept = Mutex<[Float]>([])
                try frozen.run(count: 1) { _, target in
                    for index in target.indices { target[index] = Float(index * 37 % 101) / 50 }
                } keep: { _, values in
                    kept.withLock { $0 = Array(values) }
                }
                let activations = kept.withLock { $0 }
                #expect(activations.count == model.sampleShape.count)
                let graph = Graph(), y = model(graph.input("x", Shape([1] + model.inputShape.dims)))
                let executor = Executor(Program(graph: graph, outputs: [y]), parameters: own)
                _ = executor.input("x").update(from: activations)
                executor.forward()
                found.append(Array(executor.value(y)))
            }
            for other in found.dropFirst() { #expect(TorchFixture.difference(other, found[0]) < 1e-5, "\(found)") }
            #expect(found[0][0] != 0)
        }
    }

    @Test func whatIsTrainedFollowsFromPartAndFeatures() {
        func layers(
            _ encoder: any TaggingEncoder, _ patch: Shape, _ change: (inout EncoderRegressor.Configuration) -> Void
        )
            -> Set<String>
        {
            Set(
                Self.regressor(encoder, patch: patch, change).parameters.filter(\.parameter.isTrained).map {
                    String($0.name.prefix { $0 != "." })
                })
        }
        let musicnn = Self.musicnn(), vgg = Self.vgg()
        #expect(layers(musicnn, [19, 12]) { $0.part = .head } == ["head"])
        #expect(
            layers(musicnn, [19, 12]) { $0.part = .last } == [
                "head", "cnn", "cnn_norm", "flat_norm", "hidden", "hidden_norm",
            ])
        #expect(
            layers(musicnn, [19, 12]) { ($0.part, $0.features) = (.last, .pooled) } == [
                "head", "cnn", "cnn_norm", "flat_norm",
            ])
        #expect(
            layers(musicnn, [19, 12]) { $0.part = .all }.isSuperset(of: ["input_norm", "timbral", "temporal_norm"]))
        let last = Self.regressor(vgg, patch: [70, 66]) { $0.part = .last }.parameters.map(\.name)
        #expect(last.contains("cnn.3.weight") && last.contains("cnn.4.weight") && !last.contains("cnn.2.weight"))
        #expect(!layers(vgg, [70, 66]) { $0.part = .all }.contains("tags"))
    }

    @Test func ratesFallWithDepth() {
        let factors = Self.regressor { $0.part = .all }.rateFactors(decay: 0.5)
        #expect(
            factors["hidden.weight"] == 0.5 && factors["cnn.2.bias"] == 0.25 && factors["cnn_norm.0.weight"] == 0.0625)
        #expect(factors["timbral.0.weight"] == 0.03125 && factors["input_norm.weight"] == 0.03125)
        #expect(factors["head.output.weight"] == nil)
        #expect(Self.regressor { $0.part = .all }.rateFactors(decay: 1).isEmpty)
        let vgg = Self.regressor(Self.vgg(), patch: [70, 66]) { $0.part = .all }.rateFactors(decay: 0.5)
        #expect(vgg["cnn.4.weight"] == 0.5 && vgg["cnn.0.weight"] == 0.03125)
    }

    @Test func aFactorOfZeroLeavesAParameterAlone() {
        let model = Self.regressor { $0.part = .head }, parameters = ParameterSet(model, seed: 2)
        let gradients = AlignedFloats(count: parameters.count)
        gradients.pointer.update(repeating: 1, count: gradients.count)
        for entry in parameters.entries { parameters[entry].update(repeating: 1) }
        AdamW(decay: 0.1).update(
            parameters, gradients: gradients, state: AdamW.State(parameters), rate: 0.5,
            rateFactors: parameters.entries.map { $0.name.hasSuffix("bias") ? 0 : 1 })
        for entry in parameters.entries {
            // 1 · (1 - 0.5 · 0.1) - 0.5
            let expected: Float = entry.name.hasSuffix("bias") ? 1 : 0.45
            #expect(parameters[entry].allSatisfy { abs($0 - expected) < 1e-5 }, "\(entry.name)")
        }
    }

    @Test func aContextHasItsOwnPartAndOthersHaveTheCommonOne() {
        let model = Self.regressor { ($0.part, $0.contexts, $0.outputs) = (.head, 2, 1) }
        let parameters = ParameterSet(model, seed: 1)
        for entry in parameters.entries {
            switch entry.name {
            case "head.output.weight": parameters[entry].update(repeating: 1)
            case "head.output.bias": parameters[entry].update(repeating: 10)
            // Six features: 0 for the first context, 2 for the second.
            case "head.context.weight":
                for index in parameters[entry].indices { parameters[entry][index] = index < 6 ? 0 : 2 }
            case "head.intercept.weight": _ = parameters[entry].update(from: [100, 200])
            default: Issue.record("\(entry.name)")
            }
        }
        let graph = Graph(), y = model(graph.input("x", [3, 8]))
        let executor = Executor(Program(graph: graph, outputs: [y]), parameters: parameters)
        let h: [Float] = [1, 2, 3, 4, 5, 6]
        _ = executor.input("x").update(from: h + [1, 0] + h + [0, 1] + h + [0, 0])
        executor.forward()
        #expect(Array(executor.value(y)) == [131, 273, 31])
    }

    @Test func workAboveTheFrontEndIsSmall() {
        let encoder = MusiCNN(), patch: Shape = [187, 96]
        let last = Self.regressor(encoder, patch: patch) { $0.part = .last }.operations(patch: patch)
        #expect(abs(last.above - 58e6) < 2e6, "\(last)")
        #expect(last.below > 15 * last.above, "\(last)")
        let all = Self.regressor(encoder, patch: patch) { $0.part = .all }.operations(patch: patch)
        #expect(all.below == 0 && all.above == last.below + last.above)
    }

    // MARK: Ops

    @Test func gradientsOfTheOuterProduct() {
        checkGradients([[3, 2], [3, 4]]) { rowOuter($0[0], $0[1]) }
        checkGradients([[3, 2]]) { rowOuter($0[0], $0[0]) }
    }

    /// A batch norm that keeps its statistics is an affine map in training, too.
    @Test func gradientsOfAKeptNorm() {
        struct Normed: Layer {
            let x = Weight([4, 3, 5], .normal(deviation: 1))
            let norm = BatchNorm(3, epsilon: 1e-3, keepsStatistics: true)
            var parameters: [(name: String, parameter: Weight)] { [("x", x)] + norm.parameters(under: "norm") }
        }
        let layer = Normed(), parameters = ParameterSet(layer, seed: 3)
        Self.fill(
            parameters,
            [
                "norm.weight": [0.5, -1, 2], "norm.bias": [0.1, 0.2, 0.3], "norm.running_mean": [1, -2, 0.5],
                "norm.running_var": [0.25, 2, 9],
            ])
        let before = parameters.entries.map { Array(parameters[$0]) }
        let gradients = AlignedFloats(count: parameters.count)
        let graph = Graph(), y = layer.norm(graph.parameter(layer.x))
        var random = Philox(key: 8)
        let loss = graph.apply(WeightedSumOp(weights: (0..<60).map { _ in Float(random.nextNormal()) }), y)
        let executor = Executor(
            Program(graph: graph, loss: loss, outputs: [y]), parameters: parameters, gradients: gradients)
        executor.run()
        let found = (0..<gradients.count).map { gradients.pointer[$0] }
        #expect(abs(executor.value(y)[0] - ((before[0][0] - 1) / Float(0.251).squareRoot() * 0.5 + 0.1)) < 1e-4)
        for entry in parameters.entries where entry.parameter.isTrained {
            for index in 0..<entry.count {
                let old = parameters[entry][index]
                parameters[entry][index] = old + 0.01
                executor.run()
                let above = executor.value(loss)[0]
                parameters[entry][index] = old - 0.01
                executor.run()
                let numeric = (above - executor.value(loss)[0]) / 0.02
                parameters[entry][index] = old
                #expect(
                    abs(numeric - found[entry.offset + index]) < 5e-3 * max(1, abs(numeric)), "\(entry.name)[\(index)]")
            }
        }
        #expect(parameters.entries.map { Array(parameters[$0]) } == before, "statistics are as they were")
    }
}
