/// The mean over tokens: x [N, T, D] to [N, D].
struct MeanTokensOp: Op {
    static let name = "mean-tokens"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(inputs[0].rank == 3 && inputs[0][1] > 0, "mean-tokens takes [N, T, D], not \(inputs[0]).")
        return [[inputs[0][0], inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        for sample in 0..<step.inputShapes[0][0] {
            let out = step.outputs[0] + sample * width
            out.update(repeating: 0, count: width)
            for token in 0..<tokens {
                let from = step.inputs[0] + (sample * tokens + token) * width
                for column in 0..<width { out[column] += from[column] }
            }
            for column in 0..<width { out[column] /= Float(tokens) }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        for sample in 0..<step.inputShapes[0][0] {
            for token in 0..<tokens {
                let to = target.pointer + (sample * tokens + token) * width
                for column in 0..<width {
                    let value = gradient[sample * width + column] / Float(tokens)
                    to[column] = target.accumulates ? to[column] + value : value
                }
            }
        }
    }
}

extension Tensor {
    /// [N, T, D] averaged over T: [N, D].
    public func meanOverTokens() -> Tensor { graph.apply(MeanTokensOp(), self) }
}
