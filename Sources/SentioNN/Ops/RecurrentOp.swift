import CNNKernels
import SentioNumerics

/// The kinds of recurrent cells.
public enum RecurrentCell: String, Sendable, Hashable, Codable, CaseIterable {
    /// Hochreiter and Schmidhuber 1997, with forget gates; gates i, f, g, o.
    case lstm
    /// Cho et al. 2014 as in PyTorch and cuDNN, with the reset gate after the product; gates r, z, n.
    case gru

    var gates: Int { self == .lstm ? 4 : 3 }
}

/// One recurrent layer over time, in one direction or in both; the state starts from zeros.
///
/// Inputs: x [N, T, I] and for each direction W [gates · H, I], U [gates · H, H] and their biases [gates · H]; y [N, T,
/// directions · H], the forward direction first. One product computes the input's part of all gates, then T steps
/// follow. The two directions run on two threads.
///
/// In training, `dropout` applies to the state: the previous output that U reads is masked, with one mask for all steps
/// of a sample and a direction (Gal and Ghahramani 2016; Keras' `recurrent_dropout`). What a GRU carries past its gates
/// is not masked.
struct RecurrentOp: Op {
    static let name = "recurrent"
    let cell: RecurrentCell
    let directions: Int
    let dropout: Float
    let backwardReads: BackwardReads

    init(_ cell: RecurrentCell, directions: Int, dropout: Float = 0) {
        self.cell = cell
        self.directions = directions
        self.dropout = dropout
        backwardReads = BackwardReads(
            inputs: Set([0] + (0..<directions).flatMap { [1 + 4 * $0, 2 + 4 * $0] }), outputs: [0])
    }

    /// Sizes of one call. In memory a row of gates has four parts for either cell.
    struct Sizes {
        let samples: Int, steps: Int, inputs: Int, width: Int
        /// Whether the state has dropout.
        let drops: Bool
        var rows: Int { samples * steps }
        /// Floats of one direction's gates.
        var gateCount: Int { rows * 4 * width }
        /// Floats that one direction keeps: activated gates, and the LSTM's cells.
        func savedCount(_ cell: RecurrentCell) -> Int {
            MemoryPlan.padded(gateCount + (cell == .lstm ? rows * width : 0))
        }
        /// Floats of working memory: gradients of gates, what steps pass on (twice), and the recurrent part of a step's
        /// gates; with dropout also the mask, the masked outputs, and what a step passes on before masking.
        var scratchCount: Int {
            MemoryPlan.padded(gateCount + samples * 5 * width) + (drops ? MemoryPlan.padded(maskedCount) : 0)
        }
        var maskedCount: Int { samples * 2 * width + rows * width }
    }

    func outputShapes(_ inputs: [Shape]) -> [Shape] {
        let x = inputs[0], width = inputs.count > 2 ? inputs[2].last : 0, gates = cell.gates * width
        precondition(
            (directions == 1 || directions == 2) && inputs.count == 1 + 4 * directions && x.rank == 3 && x.count > 0
                && (0..<directions).allSatisfy {
                    inputs[1 + 4 * $0] == [gates, x[2]] && inputs[2 + 4 * $0] == [gates, width]
                        && inputs[3 + 4 * $0] == [gates]
                        && inputs[4 + 4 * $0] == [gates]
                },
            "recurrent (\(cell)) takes [N, T, I] and for each direction [\(cell.gates) H, I], [\(cell.gates) H, H] "
                + "and twice "
                + "[\(cell.gates) H], not \(inputs).")
        return [[x[0], x[1], directions * width]]
    }

    private func sizes(_ inputs: [Shape]) -> Sizes {
        Sizes(samples: inputs[0][0], steps: inputs[0][1], inputs: inputs[0][2], width: inputs[2][1], drops: dropout > 0)
    }

    func savedCount(_ inputs: [Shape]) -> Int { directions * sizes(inputs).savedCount(cell) }
    func scratchCount(_ inputs: [Shape], threads: Int) -> Int { directions * sizes(inputs).scratchCount }

    func operations(_ inputs: [Shape]) -> Int {
        let sizes = sizes(inputs)
        return 2 * directions * sizes.rows * cell.gates * sizes.width * (sizes.inputs + sizes.width)
    }

    func forward(_ step: OpStep) {
        step.parts(directions) { Direction(self, step, sizes(step.inputShapes), $0).forward() }
    }

    func backward(_ step: OpStep) {
        guard let gradient = step.outputGradients[0] else { return }
        let sizes = sizes(step.inputShapes)
        for (target, shape) in zip(step.inputGradients, step.inputShapes).dropFirst() {
            if let target, !target.accumulates { target.pointer.update(repeating: 0, count: shape.count) }
        }
        step.parts(directions) { Direction(self, step, sizes, $0).backward(gradient) }
        guard let target = step.inputGradients[0] else { return }
        let gates = cell.gates * sizes.width
        // Rows are split into two halves whatever the number of threads, so that the bits do not depend on it.
        step.parts(min(2, sizes.rows)) { part in
            let first = part * sizes.rows / 2, end = sizes.rows < 2 ? sizes.rows : (part + 1) * sizes.rows / 2
            for direction in 0..<directions {
                BLAS.sgemm(
                    m: end - first, n: sizes.inputs, k: gates,
                    a: step.scratch + direction * sizes.scratchCount + first * 4 * sizes.width, lda: 4 * sizes.width,
                    b: step.inputs[1 + 4 * direction], ldb: sizes.inputs, beta: direction == 0 ? target.beta : 1,
                    c: target.pointer + first * sizes.inputs, ldc: sizes.inputs)
            }
        }
    }
}
