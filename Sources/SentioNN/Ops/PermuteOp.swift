/// The same elements with the axes reordered: axis i of y is axis `axes[i]` of x.
struct PermuteOp: Op {
    static let name = "permute"
    let axes: [Int]
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            axes.sorted() == Array(0..<inputs[0].rank),
            "permute cannot reorder the axes of \(inputs[0]) as \(axes).")
        return [Shape(axes.map { inputs[0][$0] })]
    }

    func forward(_ step: OpStep) {
        let (x, y) = (step.inputs[0], step.outputs[0])
        each(step) { place, from, stride, count in
            for index in 0..<count { y[place + index] = x[from + index * stride] }
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        each(step) { place, from, stride, count in
            if target.accumulates {
                for index in 0..<count { target.pointer[from + index * stride] += gradient[place + index] }
            } else {
                for index in 0..<count { target.pointer[from + index * stride] = gradient[place + index] }
            }
        }
    }

    /// Calls the body for each row of y along its last axis with where it starts in y and in x, the stride of its
    /// elements in x, and their number.
    private func each(_ step: OpStep, _ body: (_ place: Int, _ from: Int, _ stride: Int, _ count: Int) -> Void) {
        let x = step.inputShapes[0], y = step.outputShapes[0]
        guard y.count > 0, y.rank > 0 else { return }
        var strides = [Int](repeating: 1, count: x.rank)
        for axis in (0..<x.rank - 1).reversed() { strides[axis] = strides[axis + 1] * x[axis + 1] }
        let apart = axes.map { strides[$0] }, rows = y.rows, width = y.last, outer = y.rank - 1
        let part = max(1, (1 << 14) / width)
        step.parts((rows + part - 1) / part) { number in
            for row in number * part..<min(rows, (number + 1) * part) {
                var rest = row, from = 0
                for axis in (0..<outer).reversed() {
                    from += rest % y[axis] * apart[axis]
                    rest /= y[axis]
                }
                body(row * width, from, apart[outer], width)
            }
        }
    }
}

extension Tensor {
    /// With the axes reordered, like PyTorch's `permute`.
    public func permuted(_ axes: Int...) -> Tensor { graph.apply(PermuteOp(axes: axes), self) }
}
