/// The outer product of two vectors per sample, flattened: a [N, S] and x [N, D] to [N, S · D]; block s is a[s] x.
///
/// With a one-hot vector, x stands in the block of its class and all others are 0, so that a linear layer behind it has
/// weights of its own for each class.
struct RowOuterOp: Op {
    static let name = "row-outer"
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0].rank == 2 && inputs[1].rank == 2 && inputs[0][0] == inputs[1][0],
            "row-outer takes [N, S] and [N, D], not \(inputs).")
        return [[inputs[0][0], inputs[0][1] * inputs[1][1]]]
    }

    func forward(_ step: OpStep) {
        let (blocks, width) = (step.inputShapes[0][1], step.inputShapes[1][1])
        for row in 0..<step.inputShapes[0][0] * blocks {
            let factor = step.inputs[0][row], x = step.inputs[1] + row / blocks * width
            for index in 0..<width { step.outputs[0][row * width + index] = factor * x[index] }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let (blocks, width) = (step.inputShapes[0][1], step.inputShapes[1][1])
        for target in [0, 1] {
            guard let found = step.inputGradients[target], !found.accumulates else { continue }
            found.pointer.update(repeating: 0, count: step.inputShapes[target].count)
        }
        for row in 0..<step.inputShapes[0][0] * blocks {
            let above = gradient + row * width, start = row / blocks * width
            if let target = step.inputGradients[0] {
                for index in 0..<width { target.pointer[row] += above[index] * step.inputs[1][start + index] }
            }
            if let target = step.inputGradients[1] {
                for index in 0..<width { target.pointer[start + index] += above[index] * step.inputs[0][row] }
            }
        }
    }
}

/// The outer product of each row of a [N, S] with the same row of x [N, D], flattened: [N, S · D].
func rowOuter(_ a: Tensor, _ x: Tensor) -> Tensor { a.graph.apply(RowOuterOp(), a, x) }
