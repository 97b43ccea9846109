import SentioNumerics
import Testing

@testable import SentioNN

/// Published encoders against PyTorch, layer by layer, at small sizes (`tools/make_encoder_fixtures.py`).
@Suite struct EncoderTests {
    private static func musicnn() -> MusiCNN {
        var c = MusiCNN.Configuration()
        (c.bands, c.timbralChannels, c.timbralHeights) = (12, 3, [5, 8])
        (c.temporalChannels, c.temporalLengths, c.width, c.hidden, c.tags) = (2, [8, 4, 2], 4, 6, 3)
        return MusiCNN(c)
    }

    private static func vgg() -> VGG {
        var c = VGG.Configuration()
        (c.bands, c.frames, c.channels, c.tags) = (66, 70, 4, 3)
        return VGG(c)
    }

    /// Runs a model on the fixture's input and compares all its layers.
    private func check(
        _ name: String, _ model: some Layer, isForInference: Bool = false, _ call: (Tensor) -> [String: Tensor]
    ) throws {
        let tensors = try TorchFixture.load(name), x = try #require(tensors["x"])
        let parameters = ParameterSet(model, seed: nil)
        #expect(tensors.keys.count { $0.hasPrefix("weight:") } == parameters.entries.count)
        for entry in parameters.entries {
            let tensor = try #require(tensors["weight:\(entry.name)"], "\(entry.name)")
            #expect(tensor.shape == entry.parameter.shape.dims, "\(entry.name)")
            _ = parameters[entry].update(from: tensor.values)
        }
        let graph = Graph(isForInference: isForInference), layers = call(graph.input("x", Shape(x.shape)))
        let executor = Executor(Program(graph: graph, outputs: Array(layers.values)), parameters: parameters)
        _ = executor.input("x").update(from: x.values)
        executor.forward()
        #expect(Set(layers.keys) == Set(tensors.keys.filter { $0.hasPrefix("layer:") }.map { String($0.dropFirst(6)) }))
        for (layer, tensor) in layers {
            let expected = try #require(tensors["layer:\(layer)"])
            #expect(tensor.shape.dims == expected.shape, "\(layer)")
            let found = TorchFixture.difference(executor.value(tensor), expected.values)
            #expect(found < 1e-5, "\(layer) off by \(found)")
        }
    }

    @Test(arguments: [false, true]) func musicnnIsTorchsLayerByLayer(isForInference: Bool) throws {
        let model = Self.musicnn()
        try check("musicnn", model, isForInference: isForInference) { x in
            let y = model(x)
            return y.layers.merging(
                ["max_pool": y.maxPool, "mean_pool": y.meanPool, "penultimate": y.penultimate, "logits": y.logits]) {
                    $1
                }
        }
    }

    @Test func vggIsTorchsLayerByLayer() throws {
        let model = Self.vgg()
        try check("vgg", model) { x in
            let y = model(x)
            return y.layers.merging(["mean_pool": y.meanPool, "pooled": y.pooled, "logits": y.logits]) { $1 }
        }
    }

    @Test func thePublishedSizes() {
        let musicnn = ParameterSet(MusiCNN(), seed: nil), vgg = ParameterSet(VGG(), seed: nil)
        #expect(musicnn.entries.reduce(0) { $0 + $1.count } == 792_079)
        #expect(vgg.entries.reduce(0) { $0 + $1.count } == 607_030)
    }

    @Test func theyCanBeTrained() {
        let model = Self.musicnn(), graph = Graph(), y = model(graph.input("x", [2, 19, 12]))
        let loss = meanSquaredError(y.logits, graph.input("y", [2, 3]))
        let parameters = ParameterSet(model, seed: 3), gradients = AlignedFloats(count: parameters.count)
        let executor = Executor(
            Program(graph: graph, loss: loss, outputs: []), parameters: parameters, gradients: gradients)
        for (index, _) in executor.input("x").enumerated() { executor.input("x")[index] = Float(index * 37 % 101) / 50 }
        let optimizer = AdamW(decay: 0), state = AdamW.State(parameters)
        var losses: [Float] = []
        for _ in 0..<60 {
            gradients.pointer.update(repeating: 0, count: gradients.count)
            for (index, value) in [Float(1), -1, 0.5, -0.5, 0, 1].enumerated() { executor.input("y")[index] = value }
            executor.run()
            losses.append(executor.value(loss)[0])
            optimizer.update(parameters, gradients: gradients, state: state, rate: 1e-2)
        }
        #expect((losses.last ?? 1) < 0.05 * losses[0], "\(losses)")
    }
}
