/// Repeats each sample's vector at T places, divided by T if asked for: x [N, D] to [N, T, D]. Divided, it is the
/// gradient of a mean over T.
struct SpreadOp: Op {
    static let name = "spread"
    let places: Int
    /// Whether values are divided by the number of places.
    let divides: Bool
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(inputs[0].rank == 2 && places > 0, "spread takes [N, D], not \(inputs[0]).")
        return [[inputs[0][0], places, inputs[0][1]]]
    }

    private var factor: Float { divides ? 1 / Float(places) : 1 }

    func forward(_ step: OpStep) {
        let width = step.inputShapes[0][1]
        step.parts(step.inputShapes[0][0]) { sample in
            let from = step.inputs[0] + sample * width, to = step.outputs[0] + sample * places * width
            for place in 0..<places { for column in 0..<width { to[place * width + column] = from[column] * factor } }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let width = step.inputShapes[0][1]
        step.parts(step.inputShapes[0][0]) { sample in
            let from = gradient + sample * places * width, to = target.pointer + sample * width
            if !target.accumulates { to.update(repeating: 0, count: width) }
            for place in 0..<places { for column in 0..<width { to[column] += from[place * width + column] * factor } }
        }
    }
}

extension Tensor {
    /// [N, D] to [N, places, D], each 1 / places of the vector.
    func spread(over places: Int) -> Tensor { graph.apply(SpreadOp(places: places, divides: true), self) }
    /// [1, D] repeated `count` times: [count, D].
    func repeated(_ count: Int) -> Tensor {
        graph.apply(SpreadOp(places: count, divides: false), self).reshaped([count, shape.last])
    }
}
