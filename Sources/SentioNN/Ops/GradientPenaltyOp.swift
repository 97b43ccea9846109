/// The mean over samples of (|g| - target)², where |g| is the Euclidean norm of a sample: target 1 of Gulrajani et al.
/// 2017, target 0 of R1 (Mescheder et al. 2018). g [N, I, …], of which only the first `channels` count; output [1].
struct GradientPenaltyOp: Op {
    static let name = "gradient-penalty"
    let channels: Int
    var target: Float = 1
    let backwardReads = BackwardReads(inputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank >= 2 && inputs[0][0] > 0 && inputs[0][1] >= channels,
            "gradient-penalty takes [N, I, …], not \(inputs[0]).")
        return [[1]]
    }

    func savedCount(_ inputs: [Shape]) -> Int { inputs[0][0] }

    func forward(_ step: OpStep) {
        let (samples, size, used) = sizes(step)
        step.parts(samples) { sample in
            let from = step.inputs[0] + sample * size
            step.saved[sample] = Float((0..<used).reduce(0.0) { $0 + Double(from[$1]) * Double(from[$1]) }.squareRoot())
        }
        step.outputs[0][0] = Float(
            (0..<samples).reduce(0.0) { $0 + pow(Double(step.saved[$1]) - Double(target)) } / Double(samples))
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let wanted = step.inputGradients[0] else { return }
        let (samples, size, used) = sizes(step)
        step.parts(samples) { sample in
            let norm = step.saved[sample], from = step.inputs[0] + sample * size, to = wanted.pointer + sample * size
            // At norm 0 there is no direction; PyTorch's norm has gradient 0 there too.
            let factor = norm > 0 ? gradient[0] * 2 * (norm - target) / (norm * Float(samples)) : 0
            for index in 0..<size {
                let value = index < used ? factor * from[index] : 0
                to[index] = wanted.accumulates ? to[index] + value : value
            }
        }
    }

    private func pow(_ x: Double) -> Double { x * x }

    private func sizes(_ step: OpStep) -> (samples: Int, size: Int, used: Int) {
        let shape = step.inputShapes[0], size = shape.count / shape[0]
        return (shape[0], size, size / shape[1] * channels)
    }
}
