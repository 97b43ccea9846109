@testable import SentioNN
import SentioNumerics
import Testing

/// Dropout of a recurrent layer's state, against the same layer with columns of U set to zero.
@Suite struct StateDropoutTests {
    private func outputs(_ cell: RecurrentCell, dropout: Float, columns mask: [Float]? = nil) -> [Float] {
        let gates = cell.gates * 4
        let bench = GradientBench([[6, 5, 3], [gates, 3], [gates, 4], [gates], [gates]], seed: 3, scale: 1) {
            $0[0].graph.apply(RecurrentOp(cell, directions: 1, dropout: dropout), $0)[0]
        }
        if let mask {
            let values = bench.parameters[bench.parameters.entries[2]]
            for index in values.indices { values[index] *= mask[index % 4] }
        }
        bench.executor.run(key: 4)
        return Array(bench.executor.value(bench.output))
    }

    /// Each sample has one mask for all its steps: its outputs match one of the 16 possible masks of four units.
    @Test func oneMaskASample() {
        let found = outputs(.lstm, dropout: 0.5)
        let ways = (0..<16).map { way in outputs(.lstm, dropout: 0, columns: (0..<4).map { way >> $0 & 1 == 1 ? 2 : 0 })
        }
        let chosen = (0..<6).map { sample in
            ways.indices.filter { way in
                (sample * 20..<(sample + 1) * 20).allSatisfy { abs(ways[way][$0] - found[$0]) < 1e-5 }
            }
        }
        #expect(chosen.allSatisfy { $0.count == 1 }, "\(chosen)")
        #expect(Set(chosen.flatMap { $0 }).count > 2)
    }

    /// With everything dropped an LSTM forgets its output; a GRU still carries it past the gates.
    @Test func aGRUCarriesItsStateUnmasked() {
        let nearly = outputs(.gru, dropout: 0.999), none = outputs(.gru, dropout: 0, columns: [0, 0, 0, 0])
        #expect(TorchFixture.difference(nearly, none) < 1e-5)
        #expect((4..<20).contains { abs(none[$0]) > 0.05 })
    }

    @Test func nothingIsDroppedInInference() {
        func values(_ layer: Recurrent) -> [Float] {
            let graph = Graph(), y = layer(graph.input("x", [2, 5, 3]))
            let parameters = ParameterSet(layer, seed: 1)
            let executor = Executor(Program(graph: graph, outputs: [y]), parameters: parameters)
            for index in executor.input("x").indices { executor.input("x")[index] = Float(index % 7) - 3 }
            executor.forward()
            return Array(executor.value(y))
        }
        #expect(values(Recurrent(.lstm, 3, widths: [4], stateDropout: 0.5)) == values(Recurrent(.lstm, 3, widths: [4])))
    }

    /// The penalty's value, its gradient by differences, and the trainer's loss.
    @Test func penaltyOfWeights() throws {
        var c = CRNNTests.small([4, 4], [Extent(2, 2), Extent(2, 2)], mels: 8, frames: 13)
        c.recurrentDropout = 0
        func trainer(_ penalty: Double) -> RegressionTrainer {
            c.headPenalty = penalty
            let settings = RegressionTrainerTests.settings { ($0.microBatch, $0.batch, $0.epochs) = (0, 12, 1) }
            return RegressionTrainer(
                RegressionTrainer.Network(CRNN(c)) { $0($1) }, settings: settings,
                source: RegressionTrainerTests.Pictures())
        }
        let (plain, held) = (trainer(0), trainer(0.5))
        let hidden = held.parameters.entries.filter { $0.parameter.penalty > 0 }
        #expect(hidden.map(\.name) == ["head.0.weight"])
        let squares = hidden.flatMap { Array(held.parameters[$0]) }.reduce(0.0) { $0 + Double($1) * Double($1) }
        let gradients = AlignedFloats(count: held.parameters.count)
        #expect(abs(WeightPenalty.add(held.parameters, to: gradients) - 0.5 * squares) < 1e-9 * squares)
        for entry in held.parameters.entries {
            for index in 0..<entry.count {
                let expected = entry.name == "head.0.weight" ? held.parameters[entry][index] : 0
                #expect(abs(gradients.pointer[entry.offset + index] - expected) < 1e-6)
            }
        }
        let losses = (try plain.runEpoch().loss, try held.runEpoch().loss)
        #expect(abs(losses.1 - losses.0 - 0.5 * squares) < 1e-5)
        let after = [plain, held].map { trained in
            hidden.flatMap { Array(trained.parameters[$0]) }.reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        #expect(after[1] < after[0])
    }
}
