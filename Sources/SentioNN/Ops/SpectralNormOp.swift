/// A weight divided by its largest singular value as a matrix [O, rest] (Miyato et al. 2018). In training each forward
/// pass takes one step of the power iteration first, as PyTorch's `spectral_norm` does; the gradient treats the
/// singular vectors as constants.
///
/// Inputs: W [O, …], the state u [O] and v [rest]; output W / σ.
struct SpectralNormOp: Op {
    static let name = "spectral-norm"
    private static let epsilon: Float = 1e-12
    let backwardReads = BackwardReads(outputs: [0])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let w = inputs[0]
        precondition(
            inputs.count == 3 && w.rank >= 2 && inputs[1] == [w[0]] && inputs[2] == [w.count / max(1, w[0])],
            "spectral-norm takes [O, …], [O] and [rest], not \(inputs).")
        return [w]
    }

    func savedCount(_ inputs: [Shape]) -> Int { 1 + inputs[1].count + inputs[2].count }

    func forward(_ step: OpStep) {
        let w = step.inputs[0], rows = step.inputShapes[1].count, columns = step.inputShapes[2].count
        // The backward pass needs these vectors, and another forward pass of the same step would change the state.
        let u = step.saved + 1, v = u + rows
        u.update(from: step.inputs[1], count: rows)
        v.update(from: step.inputs[2], count: columns)
        if step.isTraining, let stateU = step.states[1], let stateV = step.states[2] {
            product(w, rows, columns, transposed: true, u, v)
            Self.normalize(v, columns)
            product(w, rows, columns, transposed: false, v, u)
            Self.normalize(u, rows)
            stateU.update(from: u, count: rows)
            stateV.update(from: v, count: columns)
        }
        var sigma = 0.0
        for row in 0..<rows {
            var sum = 0.0
            for column in 0..<columns { sum += Double(w[row * columns + column]) * Double(v[column]) }
            sigma += Double(u[row]) * sum
        }
        step.saved[0] = Float(sigma)
        let factor = 1 / Float(sigma)
        for index in 0..<rows * columns { step.outputs[0][index] = w[index] * factor }
    }

    /// (g - <g, W/σ> u vᵀ) / σ
    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        let rows = step.inputShapes[1].count, columns = step.inputShapes[2].count
        let sigma = step.saved[0], u = step.saved + 1, v = u + rows
        let dot = Float((0..<rows * columns).reduce(0.0) { $0 + Double(gradient[$1]) * Double(step.outputs[0][$1]) })
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * columns + column, value = (gradient[index] - dot * u[row] * v[column]) / sigma
                target.pointer[index] = target.accumulates ? target.pointer[index] + value : value
            }
        }
    }

    /// y = W x, or Wᵀ x.
    private func product(
        _ w: UnsafePointer<Float>, _ rows: Int, _ columns: Int, transposed: Bool, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>
    ) {
        let factor = Factor(w, stride: columns)
        Product.multiply(
            m: transposed ? columns : rows, n: 1, k: transposed ? rows : columns,
            transposed ? factor.transposed : factor,
            Factor(x, stride: 1), c: y, ldc: 1, by: .oneDNN)
    }

    private static func normalize(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
        let norm = Float((0..<count).reduce(0.0) { $0 + Double(x[$1]) * Double(x[$1]) }.squareRoot())
        for index in 0..<count { x[index] /= max(norm, epsilon) }
    }
}
