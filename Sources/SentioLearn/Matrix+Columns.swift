import SentioNumerics

/// One pass over a table, row by row, with one accumulator per column.
extension Matrix {
    /// Calls `body(&accumulator of the column, element)` for each element.
    func forEachElement(with state: inout [Double], _ body: (inout Double, Double) -> Void) {
        precondition(state.count == columns, "One accumulator per column is needed.")
        withUnsafeValues { values in
            state.withUnsafeMutableBufferPointer { state in
                for row in 0..<rows {
                    let start = row * columns
                    for column in 0..<columns { body(&state[column], values[start + column]) }
                }
            }
        }
    }

    /// Calls `body(&accumulator of the column, element, constant of the column)` for each element.
    func forEachElement(
        with state: inout [Double], _ constants: [Double], _ body: (inout Double, Double, Double) -> Void
    ) {
        precondition(constants.count == columns, "One constant per column is needed.")
        constants.withUnsafeBufferPointer { constants in
            withUnsafeValues { values in
                state.withUnsafeMutableBufferPointer { state in
                    for row in 0..<rows {
                        let start = row * columns
                        for column in 0..<columns {
                            body(&state[column], values[start + column], constants[column])
                        }
                    }
                }
            }
        }
    }
}
