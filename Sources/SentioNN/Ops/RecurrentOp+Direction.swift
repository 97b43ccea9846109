import CNNKernels
import SentioNumerics

extension RecurrentOp {
    /// One direction of a layer: where its arrays are, and its passes through time.
    struct Direction {
        let cell: RecurrentCell
        let step: OpStep
        let sizes: Sizes
        let isReverse: Bool
        /// The position of its W among the inputs; U and the two biases follow.
        let first: Int
        /// Strides between samples within a time step: gates `gateStride`, outputs `outputStride`, cells `cellStride`.
        let gates: UnsafeMutablePointer<Float>
        let cells: UnsafeMutablePointer<Float>
        let output: UnsafeMutablePointer<Float>
        /// Its offset in a row of the output.
        let offset: Int
        let gateGradients: UnsafeMutablePointer<Float>
        /// [N, H]; then the gradient of the cell [N, H], or the recurrent part [N, 3 H].
        let carried: UnsafeMutablePointer<Float>
        /// Nil without dropout of the state.
        let stateMask: StateMask?

        init(_ op: RecurrentOp, _ step: OpStep, _ sizes: Sizes, _ number: Int) {
            cell = op.cell
            self.step = step
            self.sizes = sizes
            isReverse = number == 1
            first = 1 + 4 * number
            gates = step.saved + number * sizes.savedCount(op.cell)
            cells = gates + sizes.gateCount
            offset = number * sizes.width
            output = step.outputs[0] + offset
            gateGradients = step.scratch + number * sizes.scratchCount
            carried = gateGradients + sizes.gateCount
            stateMask =
                op.dropout > 0 && step.isTraining
                ? StateMask(
                    op.dropout, step, sizes, number,
                    memory: carried + MemoryPlan.padded(5 * sizes.samples * sizes.width)) : nil
        }

        private var width: Int { sizes.width }
        private var gateRow: Int { 4 * width }
        private var outputRow: Int { step.outputShapes[0][2] }
        private var gateStride: Int { sizes.steps * gateRow }
        private var outputStride: Int { sizes.steps * outputRow }
        private var cellStride: Int { sizes.steps * width }
        private var active: Int { cell.gates * width }
        private var recurrent: UnsafePointer<Float> { step.inputs[first + 1] }

        /// Time steps in the order of processing, each with the one before it.
        private var walk: [(time: Int, before: Int?)] {
            (0..<sizes.steps).map { index in
                let time = isReverse ? sizes.steps - 1 - index : index
                return (time, index == 0 ? nil : isReverse ? time + 1 : time - 1)
            }
        }

        func forward() {
            // The input's part of all gates, with those biases that can be added in advance.
            for column in 0..<active {
                gates[column] = step.inputs[first + 2][column] + (cell == .lstm ? step.inputs[first + 3][column] : 0)
            }
            for row in 1..<max(1, sizes.rows) { (gates + row * gateRow).update(from: gates, count: active) }
            BLAS.sgemm(
                m: sizes.rows, n: active, k: sizes.inputs, a: step.inputs[0], lda: sizes.inputs, b: step.inputs[first],
                transposeB: true,
                ldb: sizes.inputs, beta: 1, c: gates, ldc: gateRow)
            stateMask?.draw()
            for (time, before) in walk {
                let now = gates + time * gateRow, previous = before.map { output + $0 * outputRow }
                if let stateMask, let before, let previous {
                    stateMask.apply(previous, stride: outputStride, time: before)
                }
                switch cell {
                case .lstm:
                    if let before { multiply(before, into: now, stride: gateStride) }
                    nn_lstm_cell(
                        now, Int64(gateStride), Int64(sizes.samples), Int64(width),
                        before.map { UnsafePointer(cells + $0 * width) },
                        cells + time * width, Int64(cellStride), output + time * outputRow, Int64(outputStride))
                case .gru:
                    let part = carried + 2 * sizes.samples * width
                    nn_broadcast_rows(step.inputs[first + 3], Int64(sizes.samples), Int64(active), part)
                    if let before { multiply(before, into: part, stride: active) }
                    nn_gru_cell(
                        now, Int64(gateStride), Int64(sizes.samples), Int64(width), part, previous, Int64(outputStride),
                        output + time * outputRow, Int64(outputStride))
                }
            }
        }

        /// What U reads: the outputs, masked if there is dropout. Strides are `row` between time steps and `stride`
        /// between samples.
        private var state: (values: UnsafePointer<Float>, row: Int, stride: Int) {
            if let stateMask { return (UnsafePointer(stateMask.passed), width, sizes.steps * width) }
            return (UnsafePointer(output), outputRow, outputStride)
        }

        /// Adds U h of all samples.
        private func multiply(_ before: Int, into sums: UnsafeMutablePointer<Float>, stride: Int) {
            BLAS.sgemm(
                m: sizes.samples, n: active, k: width, a: state.values + before * state.row, lda: state.stride,
                b: recurrent,
                transposeB: true, ldb: width, beta: 1, c: sums, ldc: stride)
        }

        /// Writes the gradients of the gates to scratch memory and adds to those of the parameters.
        func backward(_ gradient: UnsafePointer<Float>) {
            let above = gradient + offset, cellGradient = carried + sizes.samples * width
            carried.update(repeating: 0, count: 2 * sizes.samples * width)
            if let stateMask {
                stateMask.draw()
                for time in 0..<sizes.steps {
                    stateMask.apply(output + time * outputRow, stride: outputStride, time: time)
                }
            }
            for (time, before) in walk.reversed() {
                let now = gates + time * gateRow, slopes = gateGradients + time * gateRow
                switch cell {
                case .lstm:
                    nn_lstm_cell_gradient(
                        now, Int64(gateStride), Int64(sizes.samples), Int64(width),
                        before.map { UnsafePointer(cells + $0 * width) },
                        cells + time * width, Int64(cellStride), above + time * outputRow, Int64(outputStride), carried,
                        cellGradient,
                        slopes)
                    carried.update(repeating: 0, count: sizes.samples * width)
                    if before != nil { carry(slopes, gates: 0..<4 * width) }
                case .gru:
                    nn_gru_cell_gradient(
                        now, Int64(gateStride), Int64(sizes.samples), Int64(width),
                        before.map { UnsafePointer(output + $0 * outputRow) },
                        Int64(outputStride), above + time * outputRow, Int64(outputStride), carried, slopes)
                    guard before != nil else { continue }
                    carry(slopes, gates: 0..<2 * width)
                    carry(slopes + width, gates: 2 * width..<3 * width)
                }
            }
            addParameterGradients()
        }

        /// Adds the gradient that the gates pass on to the previous step. `slopes` has the gradient of gate g at index
        /// g.
        private func carry(_ slopes: UnsafeMutablePointer<Float>, gates range: Range<Int>) {
            BLAS.sgemm(
                m: sizes.samples, n: width, k: range.count, a: slopes + range.lowerBound, lda: gateStride,
                b: recurrent + range.lowerBound * width, ldb: width, beta: stateMask == nil ? 1 : 0,
                c: stateMask?.handed ?? carried,
                ldc: width)
            stateMask?.addHanded(to: carried)
        }

        private func addParameterGradients() {
            let targets = (0..<4).map { step.inputGradients[first + $0]?.pointer }
            if let input = targets[0] {
                BLAS.sgemm(
                    m: active, n: sizes.inputs, k: sizes.rows, a: gateGradients, transposeA: true, lda: gateRow,
                    b: step.inputs[0],
                    ldb: sizes.inputs, beta: 1, c: input, ldc: sizes.inputs)
            }
            if let target = targets[1] {
                switch cell {
                case .lstm: addRecurrent(gateGradients, gates: 0..<4 * width, target)
                case .gru:
                    addRecurrent(gateGradients, gates: 0..<2 * width, target)
                    // The fourth part holds the recurrent sums of n.
                    addRecurrent(gateGradients + width, gates: 2 * width..<3 * width, target)
                }
            }
            for row in 0..<sizes.rows {
                let slopes = gateGradients + row * gateRow
                if let bias = targets[2] { nn_accumulate(slopes, Int64(active), bias) }
                guard let bias = targets[3] else { continue }
                if cell == .lstm { nn_accumulate(slopes, Int64(active), bias); continue }
                nn_accumulate(slopes, Int64(2 * width), bias)
                nn_accumulate(slopes + 3 * width, Int64(width), bias + 2 * width)
            }
        }

        /// The gradient of U: each step's gate gradients times the output of the step before it, sample by sample.
        private func addRecurrent(
            _ slopes: UnsafeMutablePointer<Float>, gates range: Range<Int>, _ target: UnsafeMutablePointer<Float>
        ) {
            guard sizes.steps > 1 else { return }
            for sample in 0..<sizes.samples {
                BLAS.sgemm(
                    m: range.count, n: width, k: sizes.steps - 1,
                    a: slopes + sample * gateStride + (isReverse ? 0 : gateRow) + range.lowerBound, transposeA: true,
                    lda: gateRow,
                    b: state.values + sample * state.stride + (isReverse ? state.row : 0), ldb: state.row, beta: 1,
                    c: target + range.lowerBound * width, ldc: width)
            }
        }
    }
}
