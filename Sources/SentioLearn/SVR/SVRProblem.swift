import SentioNumerics

/// One scaled training table, for which machines of several settings are sought.
struct SVRProblem {
    private let table: Matrix
    private let svr: SVR
    /// Inner products of all songs with each other: every gamma's kernel matrix is made from them.
    private let products: Matrix?

    /// - parameter sharesProducts: keep the inner products, where they fit the cache, because several gammas are to
    ///   come.
    init(table: Matrix, svr: SVR, sharesProducts: Bool) {
        self.table = table
        self.svr = svr
        let isWorth = sharesProducts && svr.grid.gammas.count > 1
        products = isWorth && KernelRows.fits(rows: table.rows, bytes: svr.cacheBytes) ? table.gram(ofRows: true) : nil
    }

    /// - Throws: `LearnError.badParameter` for a kernel that is none or that overflows on this table.
    func rows(gamma: SVRGamma) throws(LearnError) -> KernelRows {
        let kernel = kernel(gamma)
        try kernel.validate()
        let rows = KernelRows(table: table, kernel: kernel, bytes: svr.cacheBytes, products: products)
        guard rows.diagonal.allSatisfy(\.isFinite) else {
            throw .badParameter(
                name: "kernel", value: kernel.name,
                allowed: "one with finite values on these features; standardise them or lower gamma or degree")
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
