import Foundation

/// x + p with the fixed positions of Vaswani et al. (2017): x [N, T, D], p[t, 2 i] = sin(t / 10000^(2 i / D)),
/// p[t, 2 i + 1] = cos of the same.
struct AddSinusoidsOp: Op {
    static let name = "add-sinusoids"
    private let positions: [Float]
    let backwardReads = BackwardReads()

    /// - Precondition: both are positive.
    init(tokens: Int, width: Int) {
        precondition(tokens > 0 && width > 0, "Positions need tokens and a width.")
        positions = (0..<tokens * width).map { place in
            let (token, column) = (place / width, place % width)
            let angle = Double(token) / pow(10_000, Double(column / 2 * 2) / Double(width))
            return Float(column % 2 == 0 ? sin(angle) : cos(angle))
        }
    }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank == 3 && inputs[0][1] * inputs[0][2] == positions.count,
            "add-sinusoids has \(positions.count) positions, which do not fit \(inputs[0]).")
        return [inputs[0]]
    }

    func forward(_ step: OpStep) {
        for sample in 0..<step.inputShapes[0][0] {
            let start = sample * positions.count
            for place in positions.indices {
                step.outputs[0][start + place] = step.inputs[0][start + place] + positions[place]
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        step.inputGradients[0]?.receive(gradient, count: step.inputShapes[0].count)
    }
}

extension Tensor {
    /// [N, T, D] plus sines and cosines of each token's position.
    public func addingSinusoids() -> Tensor {
        graph.apply(AddSinusoidsOp(tokens: shape[1], width: shape[2]), self)
    }
}
