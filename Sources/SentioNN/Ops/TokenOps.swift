/// Puts one learned token before the others: x [N, T, D] and token [1, 1, D] to [N, T + 1, D].
struct PrependTokenOp: Op {
    static let name = "prepend-token"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0].rank == 3 && inputs[1].count == inputs[0][2],
            "prepend-token takes [N, T, D] and [1, 1, D], not \(inputs).")
        return [[inputs[0][0], inputs[0][1] + 1, inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let width = step.inputShapes[0][2], length = step.inputShapes[0][1] * width
        for sample in 0..<step.inputShapes[0][0] {
            let out = step.outputs[0] + sample * (length + width)
            out.update(from: step.inputs[1], count: width)
            (out + width).update(from: step.inputs[0] + sample * length, count: length)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let width = step.inputShapes[0][2], length = step.inputShapes[0][1] * width
        for sample in 0..<step.inputShapes[0][0] {
            let from = gradient + sample * (length + width)
            if let target = step.inputGradients[0] {
                GradientTarget(pointer: target.pointer + sample * length, accumulates: target.accumulates).receive(
                    from + width, count: length)
            }
            if let target = step.inputGradients[1] {
                GradientTarget(pointer: target.pointer, accumulates: target.accumulates || sample > 0).receive(from, count: width)
            }
        }
    }
}

/// Some tokens of each sample: x [N, T, D] to [N, count, D], from token `first` on.
struct SliceTokensOp: Op {
    static let name = "slice-tokens"
    let first: Int
    let count: Int
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank == 3 && first >= 0 && count > 0 && first + count <= inputs[0][1],
            "slice-tokens cannot take \(first)..<\(first + count) of \(inputs[0]).")
        return [[inputs[0][0], count, inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        for sample in 0..<step.inputShapes[0][0] {
            (step.outputs[0] + sample * count * width).update(
                from: step.inputs[0] + (sample * tokens + first) * width, count: count * width)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let (tokens, width) = (step.inputShapes[0][1], step.inputShapes[0][2])
        if !target.accumulates { target.pointer.update(repeating: 0, count: step.inputShapes[0].count) }
        for sample in 0..<step.inputShapes[0][0] {
            GradientTarget(pointer: target.pointer + (sample * tokens + first) * width, accumulates: true)
                .receive(gradient + sample * count * width, count: count * width)
        }
    }
}

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
    /// [N, T, D] with a learned token before: [N, T + 1, D].
    public func prepending(_ token: Tensor) -> Tensor { graph.apply(PrependTokenOp(), self, token) }
    /// Tokens `range` of [N, T, D].
    public func tokens(_ range: Range<Int>) -> Tensor { graph.apply(SliceTokensOp(first: range.lowerBound, count: range.count), self) }
    /// [N, T, D] averaged over T: [N, D].
    public func meanOverTokens() -> Tensor { graph.apply(MeanTokensOp(), self) }
}
