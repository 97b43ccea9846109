import SentioNumerics

/// Leaves out whole rows and columns of a grid of tokens, as PaSST does in training (Koutini et al. 2022): x [N, F +
/// rows · columns, D], whose first F tokens are always kept, to [N, F + (rows - r) · (columns - c), D], in order.
///
/// Each sample's rows and columns are drawn from key and sample alone: the backward pass draws the same ones, and
/// threads and batches change nothing. Every set of rows is equally likely, and so is every set of columns.
struct PatchoutOp: Op {
    static let name = "patchout"
    /// Tokens before the grid.
    let first: Int
    let grid: (rows: Int, columns: Int)
    let dropped: (rows: Int, columns: Int)
    let backwardReads = BackwardReads()

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        precondition(
            inputs[0].rank == 3 && inputs[0][1] == first + grid.rows * grid.columns
                && (0..<grid.rows).contains(dropped.rows)
                && (0..<grid.columns).contains(dropped.columns),
            "patchout of \(dropped) takes [N, \(first) + \(grid.rows) · \(grid.columns), D] and leaves something, not "
                + "\(inputs)."
        )
        return [[inputs[0][0], first + (grid.rows - dropped.rows) * (grid.columns - dropped.columns), inputs[0][2]]]
    }

    func forward(_ step: OpStep) {
        let width = step.inputShapes[0][2]
        each(step) { from, to in
            (step.outputs[0] + to * width).update(from: step.inputs[0] + from * width, count: width)
        }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0], let target = step.inputGradients[0] else { return }
        if !target.accumulates { target.pointer.update(repeating: 0, count: step.inputShapes[0].count) }
        let width = step.inputShapes[0][2]
        each(step) { from, to in
            GradientTarget(pointer: target.pointer + from * width, accumulates: true).receive(
                gradient + to * width, count: width)
        }
    }

    /// Calls the body for each token that is kept with its index among all samples' tokens, before and after.
    private func each(_ step: OpStep, _ body: (_ from: Int, _ to: Int) -> Void) {
        var to = 0
        for sample in 0..<step.inputShapes[0][0] {
            let start = sample * step.inputShapes[0][1]
            var random = Philox(key: DropoutMask.key(step, sample: sample), stream: 0x9A7C)
            let rows = kept(grid.rows, dropped.rows, &random), columns = kept(grid.columns, dropped.columns, &random)
            for token in 0..<first {
                body(start + token, to)
                to += 1
            }
            for row in rows {
                for column in columns {
                    body(start + first + row * grid.columns + column, to)
                    to += 1
                }
            }
        }
    }

    private func kept(_ count: Int, _ dropped: Int, _ random: inout Philox) -> [Int] {
        dropped == 0 ? Array(0..<count) : random.permutation(count).dropFirst(dropped).sorted()
    }
}
