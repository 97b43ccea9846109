@testable import SentioNN
import SentioNumerics
import Testing

/// Value and gradients of a GAN's ops against PyTorch's, odd shapes included.
@Suite struct TorchAdversarialOpTests {
    @Test(arguments: [8, 16]) func convolutionsBetweenPlainChannelsAndGroups(_ block: Int) throws {
        for name in ["wide", "one"] {
            try check("strided-\(name)") { ungrouped(apply(conv(block), $0)) }
            try check("transposed-\(name)") { try apply(transposed(name), [grouped($0[0], block)] + $0.dropFirst()) }
        }
        try check("strided-grouped") { ungrouped(apply(conv(block), [grouped($0[0], block)] + $0.dropFirst())) }
        try check("transposed-grouped") {
            ungrouped(try apply(transposed("grouped", block), [grouped($0[0], block)] + $0.dropFirst()))
        }
        try check("strided-narrow") { apply(conv(1), [grouped($0[0], block)] + $0.dropFirst()) }
        try check("transposed-narrow") { ungrouped(try apply(transposed("narrow", block), $0)) }
        let odd = { (block: Int) in
            Conv2dOp(hasBias: true, stride: Extent(1, 2), padding: Extent(2, 1), outputBlock: block)
        }
        try check("wide-odd-kernel") { ungrouped(apply(odd(block), $0)) }
        try check("narrow-odd-kernel") { apply(odd(1), [grouped($0[0], block)] + $0.dropFirst()) }
    }

    @Test(arguments: [0, 0.2] as [Float]) func normActivation(_ slope: Float) throws {
        let op = NormActivationOp(epsilon: 1e-5, momentum: 0.1, slope: slope)
        let name = slope == 0 ? "0.0" : "0.2"
        try check("norm-activation-plain-\(name)") { apply(op, $0 + $0.dropFirst()) }
        try check("norm-activation-\(name)") { apply(op, $0 + $0.dropFirst()) }
        for block in [8, 16] {
            try check("norm-activation-\(name)") {
                ungrouped(apply(op, [grouped($0[0], block)] + $0.dropFirst() + $0.dropFirst()))
            }
        }
    }

    @Test func conditionChannels() throws { try check("condition-channels") { $0[0].withChannels($0[1]) } }
    @Test func rowDot() throws { try check("row-dot") { SentioNN.rowDot($0[0], $0[1]) } }
    @Test func spread() throws { try check("spread") { $0[0].spread(over: 6) } }
    @Test func penalty() throws { try check("penalty") { apply(GradientPenaltyOp(channels: 1), $0) } }

    @Test func penaltyOfAnyGradient() {
        checkGradients([[3, 2, 4, 5]]) { apply(GradientPenaltyOp(channels: 1, target: 0), $0) }
    }

    @Test(arguments: ["spectral-norm", "spectral-norm-row"]) func spectralNorm(_ name: String) throws {
        let tensors = try TorchFixture.load("gan-ops")
        let w = try #require(tensors["\(name)/input0"]), u = try #require(tensors["\(name)/input1"]),
            v = try #require(tensors["\(name)/input2"])
        let seed = try #require(tensors["\(name)/seed"])
        struct Weights: Layer { let parameters: [(name: String, parameter: Weight)] }
        let weight = Weight(Shape(w.shape), .zeros), norm = SpectralNorm(weight)
        let set = ParameterSet(Weights(parameters: [("w", weight)] + norm.parameters), seed: 1),
            gradients = AlignedFloats(count: set.count)
        for (entry, tensor) in zip(set.entries, [w, u, v]) { _ = set[entry].update(from: tensor.values) }
        let graph = Graph(), output = norm(graph)
        let executor = Executor(Program(graph: graph, loss: output, outputs: []), parameters: set, gradients: gradients)
        executor.forward()
        executor.backward(seed: seed.values, key: 0, firstSample: 0)
        #expect(TorchFixture.difference(executor.value(output), tensors["\(name)/output"]?.values ?? []) < 2e-5)
        let gradient = UnsafeBufferPointer(start: gradients.pointer, count: w.values.count)
        #expect(TorchFixture.difference(gradient, tensors["\(name)/gradient0"]?.values ?? []) < 1e-4)
    }

    @Test func lossesAndTheirGradients() throws {
        let tensors = try TorchFixture.load("gan-ops"),
            scores = try #require(tensors["loss/scores"]).values.map { Double($0) }
        for (name, loss) in [
            ("bce", CrossEntropyLoss(smoothing: 0.1)), ("hinge", HingeLoss()), ("wasserstein", WassersteinLoss()),
        ] as [(String, any AdversarialLoss)] {
            for (side, found) in [
                ("real", loss.ofReal(scores)), ("fake", loss.ofFake(scores)), ("generator", loss.ofGenerator(scores)),
            ] {
                let value = try #require(tensors["loss-\(name)-\(side)/value"]),
                    gradient = try #require(tensors["loss-\(name)-\(side)/gradient"])
                #expect(abs(found.value - Double(value.values[0])) < 1e-6, "\(name) \(side)")
                #expect(
                    TorchFixture.difference(found.gradient.map { Float($0) }, gradient.values) < 1e-6, "\(name) \(side)"
                )
            }
        }
    }

    private func check(_ name: String, _ build: ([Tensor]) throws -> Tensor) throws {
        try checkAgainstTorch(name, file: "gan-ops", build)
    }

    private func apply(_ op: some Op, _ inputs: [Tensor]) -> Tensor { inputs[0].graph.apply(op, inputs)[0] }
    private func conv(_ block: Int) -> Conv2dOp {
        Conv2dOp(hasBias: true, stride: Extent(2), padding: Extent(1), outputBlock: block)
    }
    private func transposed(_ name: String, _ block: Int = 1) throws -> ConvTranspose2dOp {
        let size = try #require(try TorchFixture.load("gan-ops")["transposed-\(name)/output"]).shape
        return ConvTranspose2dOp(
            hasBias: true, stride: Extent(2), padding: Extent(1), outputBlock: block,
            outputSize: Extent(size[2], size[3]))
    }

    private func grouped(_ x: Tensor, _ block: Int) -> Tensor {
        let s = x.shape
        return x.reshaped([s[0], s[1] / block, block, s[2], s[3]]).permuted(0, 1, 3, 4, 2)
    }

    private func ungrouped(_ x: Tensor) -> Tensor {
        let s = x.shape
        return x.permuted(0, 1, 4, 2, 3).reshaped([s[0], s[1] * s[4], s[2], s[3]])
    }
}
