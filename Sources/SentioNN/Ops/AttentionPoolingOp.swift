import CNNKernels

/// A mean over tokens weighted by how well each matches a learned query: softmax over t of x_t · q / √D. x [N, T, D],
/// q [D]; y [N, D].
struct AttentionPoolingOp: Op {
    static let name = "attention-pooling"
    let backwardReads = BackwardReads(inputs: [0, 1], outputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == 2 && inputs[0].rank == 3 && inputs[0][1] > 0 && inputs[1] == [inputs[0][2]],
            "attention-pooling takes [N, T, D] and [D], not \(inputs).")
        return [[inputs[0][0], inputs[0][2]]]
    }

    /// The weights of all tokens.
    func savedCount(_ inputs: [Shape]) -> Int { inputs[0][0] * inputs[0][1] }

    func forward(_ step: OpStep) {
        let (samples, tokens, width) = (step.inputShapes[0][0], step.inputShapes[0][1], step.inputShapes[0][2])
        let scale = 1 / Float(width).squareRoot()
        step.parts(samples) { sample in
            let x = step.inputs[0] + sample * tokens * width, weights = step.saved + sample * tokens,
                y = step.outputs[0] + sample * width
            nn_row_dots(x, Int64(width), step.inputs[1], 0, Int64(tokens), Int64(width), weights)
            var inverse: Float = 0, logarithm: Float = 0
            nn_softmax_block(weights, 1, Int64(tokens), scale, 0, 0, 0, 0, 1, &inverse, &logarithm)
            nn_scale(weights, Int64(tokens), inverse)
            y.update(repeating: 0, count: width)
            for token in 0..<tokens {
                for column in 0..<width { y[column] += weights[token] * x[token * width + column] }
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let (samples, tokens, width) = (step.inputShapes[0][0], step.inputShapes[0][1], step.inputShapes[0][2])
        let scale = 1 / Float(width).squareRoot(), query = step.inputs[1]
        if let target = step.inputGradients[1], !target.accumulates {
            target.pointer.update(repeating: 0, count: width)
        }
        for sample in 0..<samples {
            let first = sample * tokens * width, above = gradient + sample * width, y = step.outputs[0] + sample * width
            let mean = (0..<width).reduce(Float(0)) { $0 + above[$1] * y[$1] }
            for token in 0..<tokens {
                let x = step.inputs[0] + first + token * width, weight = step.saved[sample * tokens + token]
                let slope = (0..<width).reduce(-mean) { $0 + above[$1] * x[$1] } * weight * scale
                if let target = step.inputGradients[0] {
                    let to = target.pointer + first + token * width
                    for column in 0..<width {
                        let value = weight * above[column] + slope * query[column]
                        to[column] = target.accumulates ? to[column] + value : value
                    }
                }
                if let target = step.inputGradients[1] {
                    for column in 0..<width { target.pointer[column] += slope * x[column] }
                }
            }
        }
    }
}
