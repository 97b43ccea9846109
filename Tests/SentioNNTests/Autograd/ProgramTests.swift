@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct ProgramTests {
    /// Two operations per multiply-add; a gradient for each factor that wants one.
    @Test func operationsOfALinearLayerAreCounted() {
        func count(isTraining: Bool, deep: Bool) -> Int {
            let graph = Graph(), first = Linear(5, 7), second = Linear(7, 3)
            var y = first(graph.input("x", [2, 4, 5]))
            if deep { y = second(gelu(y)) }
            return Program(graph: graph, loss: isTraining ? y : nil, outputs: [y]).operations
        }
        #expect(count(isTraining: false, deep: false) == 2 * 8 * 5 * 7)
        // The input wants no gradient.
        #expect(count(isTraining: true, deep: false) == 2 * 2 * 8 * 5 * 7)
        #expect(count(isTraining: true, deep: true) == 2 * 2 * 8 * 5 * 7 + 3 * 2 * 8 * 7 * 3)
    }

    @Test func operationsOfOtherOpsAreCounted() {
        func count(_ shapes: [Shape], _ op: some Op) -> Int { op.operations(shapes) }
        #expect(count([[2, 7, 24]], AttentionOp(heads: 2, dropout: 0, isPacked: true)) == 2 * 2 * (2 * 7 * 7 * 8))
        #expect(
            count([[2, 1, 8], [2, 7, 16]], AttentionOp(heads: 2, dropout: 0, isPacked: false)) == 2 * 2 * (2 * 7 * 8))
        let conv = Conv2dOp(hasBias: true, stride: Extent(2), padding: Extent(1))
        #expect(count([[3, 5, 8, 6], [4, 5, 3, 3], [4]], conv) == 2 * 3 * (4 * 4 * 3) * (5 * 9))
        let transposed = ConvTranspose2dOp(hasBias: false, stride: Extent(2), padding: Extent(1))
        #expect(count([[3, 5, 4, 6], [5, 2, 4, 4]], transposed) == 2 * 3 * (5 * 4 * 6) * (2 * 16))
        let shapes: [Shape] = [[2, 9, 5], [24, 5], [24, 6], [24], [24]]
        #expect(count(shapes, RecurrentOp(.lstm, directions: 1)) == 2 * 18 * 24 * (5 + 6))
    }

    /// Of the whole published network, from its paper's formulas; only the class token goes through the last block.
    @Test func operationsOfTheTransformerAreCounted() {
        let graph = Graph(), model = AudioSpectrogramTransformer(.init())
        let program = Program(graph: graph, outputs: [model(graph.input("x", [1, 128, 2584]))])
        let (tokens, width, hidden) = (1289, 384, 1536)
        let block =
            tokens * width * 3 * width + 2 * tokens * tokens * width + tokens * width * width + 2 * tokens * width
            * hidden
        let last = tokens * width * 2 * width + width * width + 2 * tokens * width + width * width + 2 * width * hidden
        #expect(program.operations == 2 * (1288 * 256 * width + 5 * block + last + width * 2))
    }

    @Test func convolutionsKeepMemoryOutsideTheArena() {
        func program(threads: Int) -> Program {
            let graph = Graph(), layer = Conv2d(3, 16, kernel: Extent(3), padding: Extent(1))
            return Program(graph: graph, outputs: [layer(graph.input("x", [4, 3, 9, 11]))], threads: threads)
        }
        let one = program(threads: 1).bytesOutside
        // Kernels in the plain layout, and in those of the three passes.
        #expect(one >= 4 * 4 * (16 * 3 * 9))
        #expect(program(threads: 3).bytesOutside == 3 * one && program(threads: 9).bytesOutside == 4 * one)
        let graph = Graph()
        #expect(Program(graph: graph, outputs: [Linear(3, 4)(graph.input("x", [2, 3]))]).bytesOutside == 0)
    }
}
