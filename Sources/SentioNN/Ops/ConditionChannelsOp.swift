/// Appends the numbers of a sample as constant channels: x [N, I, H, W] and e [N, D] to [N, I + D, H, W].
struct ConditionChannelsOp: Op {
    static let name = "condition-channels"
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let x = inputs[0]
        precondition(
            inputs.count == 2 && x.rank == 4 && inputs[1].rank == 2 && inputs[1][0] == x[0],
            "condition-channels takes [N, I, H, W] and [N, D], not \(inputs).")
        return [[x[0], x[1] + inputs[1][1], x[2], x[3]]]
    }

    func forward(_ step: OpStep) {
        let x = step.inputShapes[0], size = x.count / max(1, x[0]), count = step.inputShapes[1][1], places = x[2] * x[3]
        step.parts(x[0]) { sample in
            let to = step.outputs[0] + sample * (size + count * places)
            to.update(from: step.inputs[0] + sample * size, count: size)
            for number in 0..<count {
                (to + size + number * places).update(repeating: step.inputs[1][sample * count + number], count: places)
            }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let x = step.inputShapes[0], size = x.count / max(1, x[0]), count = step.inputShapes[1][1], places = x[2] * x[3]
        step.parts(x[0]) { sample in
            let from = gradient + sample * (size + count * places)
            if let target = step.inputGradients[0] { target.take(from, at: sample * size, count: size) }
            guard let target = step.inputGradients[1] else { return }
            for number in 0..<count {
                var sum = (0..<places).reduce(0.0) { $0 + Double(from[size + number * places + $1]) }
                if target.accumulates { sum += Double(target.pointer[sample * count + number]) }
                target.pointer[sample * count + number] = Float(sum)
            }
        }
    }
}

extension GradientTarget {
    /// Copies the gradient, or adds it to what the target holds.
    func take(_ values: UnsafePointer<Float>, at offset: Int, count: Int) {
        if accumulates {
            for index in 0..<count { pointer[offset + index] += values[index] }
        } else {
            (pointer + offset).update(from: values, count: count)
        }
    }
}

extension Tensor {
    /// [N, I, H, W] with D more channels, each filled with one of a sample's `numbers` [N, D].
    func withChannels(_ numbers: Tensor) -> Tensor { graph.apply(ConditionChannelsOp(), self, numbers) }
}
