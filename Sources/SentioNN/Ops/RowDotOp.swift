/// The dot product of two vectors per sample: x and y [N, D] to [N, 1].
struct RowDotOp: Op {
    static let name = "row-dot"
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0].rank == 2 && inputs[0] == inputs[1],
            "row-dot takes two tensors [N, D], not \(inputs).")
        return [[inputs[0][0], 1]]
    }

    func forward(_ step: OpStep) {
        let (count, width) = (step.inputShapes[0][0], step.inputShapes[0][1])
        for row in 0..<count {
            step.outputs[0][row] = (0..<width).reduce(0) {
                $0 + step.inputs[0][row * width + $1] * step.inputs[1][row * width + $1]
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let width = step.inputShapes[0][1]
        for (position, other) in [(0, 1), (1, 0)] {
            guard let target = step.inputGradients[position] else { continue }
            for index in 0..<step.inputShapes[0].count {
                let value = gradient[index / width] * step.inputs[other][index]
                target.pointer[index] = target.accumulates ? target.pointer[index] + value : value
            }
        }
    }
}

/// The dot product of each row of x with the same row of y: [N, 1].
func rowDot(_ x: Tensor, _ y: Tensor) -> Tensor { x.graph.apply(RowDotOp(), x, y) }
