import CKernels
import SentioNumerics

/// y = x Wᵀ + b. x is [..., in], W [out, in], b [out] or absent; y [..., out]. With `rows`, only those of W and b: a
/// part of a packed projection.
struct LinearOp: Op {
    static let name = "linear"
    let hasBias: Bool
    var rows: Range<Int>?
    let backwardReads = BackwardReads(inputs: [0, 1])

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs.count == (hasBias ? 3 : 2) && inputs[1].rank == 2 && inputs[0].last == inputs[1][1]
                && (!hasBias || inputs[2] == [inputs[1][0]]), "linear takes [..., in], [out, in] and [out], not \(inputs).")
        if let rows { precondition(rows.lowerBound >= 0 && rows.upperBound <= inputs[1][0], "linear has no rows \(rows) of \(inputs[1]).") }
        return [inputs[0].replacingLast(rows?.count ?? inputs[1][0])]
    }

    func forward(_ step: OpStep) {
        let (count, width, out) = (step.inputShapes[0].rows, step.inputShapes[1][1], step.outputShapes[0].last)
        let first = rows?.lowerBound ?? 0
        if hasBias { nn_broadcast_rows(step.inputs[2] + first, Int64(count), Int64(out), step.outputs[0]) }
        BLAS.sgemm(
            m: count, n: out, k: width, a: step.inputs[0], lda: width, b: step.inputs[1] + first * width, transposeB: true, ldb: width,
            beta: hasBias ? 1 : 0, c: step.outputs[0], ldc: out)
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let (count, width, out) = (step.inputShapes[0].rows, step.inputShapes[1][1], step.outputShapes[0].last)
        let first = rows?.lowerBound ?? 0
        for (target, shape) in zip(step.inputGradients, step.inputShapes).dropFirst() {
            if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
        }
        if let x = step.inputGradients[0] {
            BLAS.sgemm(
                m: count, n: width, k: out, a: gradient, lda: out, b: step.inputs[1] + first * width, ldb: width, beta: x.beta,
                c: x.pointer, ldc: width)
        }
        if let weight = step.inputGradients[1] {
            BLAS.sgemm(
                m: out, n: width, k: count, a: gradient, transposeA: true, lda: out, b: step.inputs[0], ldb: width, beta: 1,
                c: weight.pointer + first * width, ldc: width)
        }
        if hasBias, let bias = step.inputGradients[2] { nn_sum_rows(gradient, Int64(count), Int64(out), bias.pointer + first) }
    }
}
