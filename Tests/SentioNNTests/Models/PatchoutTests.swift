@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct PatchoutTests {
    /// The tokens kept of each sample, by number: 1...12 of a grid of 3 x 4, after one that is always kept.
    func kept(samples: Int, key: UInt64 = 5, firstSample: Int = 0) -> [[Int]] {
        let graph = Graph(), x = graph.input("x", [samples, 13, 1])
        let y = graph.apply(PatchoutOp(first: 1, grid: (3, 4), dropped: (1, 2)), x)
        struct Nothing: Layer { let parameters: [(name: String, parameter: Weight)] = [] }
        let executor = Executor(Program(graph: graph, outputs: [y]), parameters: ParameterSet(Nothing(), seed: 0))
        for index in executor.input("x").indices { executor.input("x")[index] = Float(index % 13) }
        executor.forward(key: key, firstSample: firstSample)
        let values = executor.value(y).map { Int($0) }
        return (0..<samples).map { Array(values[$0 * 5..<($0 + 1) * 5]) }
    }

    @Test func wholeRowsAndColumnsAreLeftOut() {
        var rows: Set<Int> = [], columns: Set<[Int]> = []
        for tokens in kept(samples: 200) {
            #expect(tokens[0] == 0 && tokens == tokens.sorted())
            let cells = tokens.dropFirst().map { (($0 - 1) / 4, ($0 - 1) % 4) }
            #expect(Set(cells.map(\.0)).count == 2 && Set(cells.map(\.1)).count == 2)
            rows.formUnion(Set(0..<3).subtracting(cells.map(\.0)))
            columns.insert(Set(cells.map(\.1)).sorted())
        }
        #expect(rows.count == 3 && columns.count == 6, "Every choice comes by.")
    }

    @Test func whatIsLeftOutBelongsToTheSample() {
        let all = kept(samples: 8)
        #expect(kept(samples: 3, firstSample: 5) == Array(all[5...]), "Batches change nothing.")
        #expect(Set(all).count > 3 && kept(samples: 8, key: 6) != all)
    }

    @Test func predictionsSeeEveryPatch() {
        let model = AudioSpectrogramTransformerTests.small { ($0.patchoutRows, $0.patchoutColumns) = (1, 2) }
        let plain = AudioSpectrogramTransformerTests.small()
        func values(_ model: AudioSpectrogramTransformer, isTraining: Bool) -> [Float] {
            let graph = Graph(), y = model(graph.input("x", [2, 8, 13]), isTraining: isTraining)
            let executor = Executor(Program(graph: graph, outputs: [y]), parameters: ParameterSet(model, seed: 1))
            for index in executor.input("x").indices { executor.input("x")[index] = Float((index * 37) % 101) / 50 - 1 }
            executor.forward(key: 3)
            return Array(executor.value(y))
        }
        #expect(values(model, isTraining: false) == values(plain, isTraining: false))
        #expect(values(model, isTraining: true) != values(plain, isTraining: true))
    }
}
