import SentioNumerics

/// One pass over a table, row after row, with one running number a column.
extension Matrix {
    /// Calls `body(&state of the column, element)`.
    func forEachElement(with state: inout [Double], _ body: (inout Double, Double) -> Void) {
        precondition(state.count == columns, "One running number a column is needed.")
        withUnsafeValues { values in
            state.withUnsafeMutableBufferPointer { state in
                for row in 0..<rows {
                    let start = row * columns
                    for column in 0..<columns { body(&state[column], values[start + column]) }
                }
            }
        }
    }

    /// Calls `body(&state of the column, element, constant of the column)`.
    func forEachElement(
        with state: inout [Double], _ constants: [Double], _ body: (inout Double, Double, Double) -> Void
    ) {
        precondition(constants.count == columns, "One constant a column is needed.")
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
