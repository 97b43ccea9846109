import Testing

@testable import SentioNN

/// The extremes of a convolution against all its outputs.
@Suite struct ConvolutionExtremesTests {
    /// Values of a layer's output for the same input and weights.
    private func run(_ layer: Conv2d, _ shape: Shape, isForInference: Bool, threads: Int = 1) -> (Shape, [Float]) {
        let graph = Graph(isForInference: isForInference), y = layer.beforeMaximum(graph.input("x", shape))
        let executor = Executor(
            Program(graph: graph, outputs: [y], threads: threads), parameters: ParameterSet(layer, seed: 5))
        for index in executor.input("x").indices {
            executor.input("x")[index] = Float(index * 7919 % 1009) / 300 - 1
        }
        executor.forward()
        return (y.shape, Array(executor.value(y)))
    }

    @Test(arguments: [
        // Samples, frames, bands, kernels and their size, padding: shared products in one chunk and in several, one
        // product, kernels as tall as the input, fewer maps than a vector of them.
        [1, 19, 96, 6, 7, 38, 3], [2, 33, 96, 8, 7, 67, 3], [3, 20, 40, 5, 8, 1, 4], [1, 16, 24, 13, 3, 24, 0],
        [2, 5, 30, 7, 1, 20, 0], [1, 1, 12, 3, 7, 5, 3], [1, 40, 3, 2, 3, 3, 1],
    ])
    func areThoseOfAllOutputs(sizes: [Int]) {
        let layer = Conv2d(1, sizes[3], kernel: Extent(sizes[4], sizes[5]), padding: Extent(sizes[6], 0))
        let shape: Shape = [sizes[0], 1, sizes[1], sizes[2]]
        let (wide, all) = run(layer, shape, isForInference: false)
        let (narrow, extremes) = run(layer, shape, isForInference: true)
        #expect(narrow == [wide[0], wide[1], wide[2], 2])
        for row in 0..<narrow.count / 2 {
            let outputs = all[row * wide[3]..<(row + 1) * wide[3]]
            let (highest, lowest) = (outputs.max() ?? .nan, outputs.min() ?? .nan)
            #expect(abs(extremes[2 * row] - highest) < 1e-5, "row \(row)")
            #expect(abs(extremes[2 * row + 1] - lowest) < 1e-5, "row \(row)")
        }
        #expect(run(layer, shape, isForInference: true, threads: 2).1 == extremes, "the same on two threads")
    }

    @Test func productsAreSharedWhereThatPays() {
        let op = ConvolutionExtremesOp(hasBias: false, padding: 3)
        func block(_ height: Int) -> Int? { op.sharedBlock([[1, 1, 187, 96], [204, 1, 7, height]]) }
        #expect(block(38) == 10 && block(67) == 5)
        #expect(block(1) == nil && block(96) == nil)
    }
}
