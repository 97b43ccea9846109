import CNNKernels

/// y = x Wᵀ + b. x is [..., in], W [out, in], b [out] or absent; y [..., out]. With `rows`, only these rows of W and b
/// are used: part of a packed projection.
struct LinearOp: Op {
    static let name = "linear"
    let hasBias: Bool
    var rows: Range<Int>?
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == (hasBias ? 3 : 2) && inputs[1].rank == 2 && inputs[0].last == inputs[1][1]
                && (!hasBias || inputs[2] == [inputs[1][0]]),
            "linear takes [..., in], [out, in] and [out], not \(inputs).")
        if let rows {
            precondition(
                rows.lowerBound >= 0 && rows.upperBound <= inputs[1][0], "linear has no rows \(rows) of \(inputs[1]).")
        }
        return [inputs[0].replacingLast(rows?.count ?? inputs[1][0])]
    }

    func operations(_ inputs: [Shape]) -> Int { 2 * inputs[0].count * outputShapes(inputs)[0].last }

    /// The factors are the gradient of y, x and W.
    func factorCounts(_ inputs: [Shape]) -> [Int] { [outputShapes(inputs)[0].count, inputs[0].count, inputs[1].count] }

    func forward(_ step: OpStep) {
        let (count, width, out) = (step.inputShapes[0].rows, step.inputShapes[1][1], step.outputShapes[0].last)
        let first = rows?.lowerBound ?? 0
        var factors = step.factors
        let x = factors.factor(step.inputs[0], count: count * width, stride: width)
        let weight = factors.factor(step.inputs[1] + first * width, count: out * width, stride: width)
        if hasBias { nn_broadcast_rows(step.inputs[2] + first, Int64(count), Int64(out), step.outputs[0]) }
        Product.multiply(
            m: count, n: out, k: width, x, weight.transposed, beta: hasBias ? 1 : 0, c: step.outputs[0], ldc: out,
            by: .openBLAS)
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let (count, width, out) = (step.inputShapes[0].rows, step.inputShapes[1][1], step.outputShapes[0].last)
        let first = rows?.lowerBound ?? 0
        for (target, shape) in zip(step.inputGradients, step.inputShapes).dropFirst() {
            if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
        }
        var factors = step.factors
        let above = factors.factor(gradient, count: count * out, stride: out)
        if let target = step.inputGradients[0] {
            let weight = factors.factor(step.inputs[1] + first * width, count: out * width, stride: width)
            Product.multiply(
                m: count, n: width, k: out, above, weight, beta: target.beta, c: target.pointer, ldc: width,
                by: .openBLAS)
        }
        if let target = step.inputGradients[1] {
            let x = factors.factor(step.inputs[0], count: count * width, stride: width)
            Product.multiply(
                m: out, n: width, k: count, above.transposed, x, beta: 1, c: target.pointer + first * width, ldc: width,
                by: .openBLAS)
        }
        if hasBias, let bias = step.inputGradients[2] {
            nn_sum_rows(gradient, Int64(count), Int64(out), bias.pointer + first)
        }
    }
}
