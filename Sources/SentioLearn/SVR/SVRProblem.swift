import SentioNumerics

/// One scaled training table, on which machines with several settings are fitted.
struct SVRProblem {
    private let table: Matrix
    private let svr: SVR
    /// Inner products of all songs with each other, from which the kernel matrices of all gammas are computed.
    private let products: Matrix?

    /// - Parameter sharesProducts: keeps the inner products for several gammas, if they fit in the cache.
    init(table: Matrix, svr: SVR, sharesProducts: Bool) {
        self.table = table
        self.svr = svr
        let isWorthwhile = sharesProducts && svr.grid.gammas.count > 1
        products =
            isWorthwhile && KernelRows.fits(rows: table.rows, bytes: svr.cacheBytes) ? table.gram(ofRows: true) : nil
    }

    /// - Throws: `LearnError.badParameter` for a kernel with invalid parameters or one that overflows on this table.
    func rows(gamma: SVRGamma) throws(LearnError) -> KernelRows {
        let kernel = kernel(gamma)
        try kernel.validate()
        let rows = KernelRows(table: table, kernel: kernel, bytes: svr.cacheBytes, products: products)
        guard rows.diagonal.allSatisfy(\.isFinite) else {
            throw .badParameter(
                name: "kernel", value: kernel.name,
                allowed: "one with finite values on these features; standardize them, or lower gamma or degree")
        }
        return rows
    }

    func machine(_ solution: SMOSolver.Solution, gamma: SVRGamma) throws -> SupportVectorMachine {
        let used = solution.coefficients.indices.filter { solution.coefficients[$0] != 0 }
        return try SupportVectorMachine(
            kernel: kernel(gamma), vectors: table.selecting(rows: used),
            coefficients: used.map { solution.coefficients[$0] }, intercept: solution.intercept)
    }

    private func kernel(_ gamma: SVRGamma) -> SVMKernel { svr.kernel.with(gamma: gamma).resolve(table) }
}
