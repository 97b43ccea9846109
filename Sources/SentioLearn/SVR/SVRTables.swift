import SentioNumerics

/// One scaled training table, of which each kernel setting makes a problem of its own: without contexts all see the
/// same columns, with contexts each sees those that `SVRContext` appends.
struct SVRTables {
    private let scaled: Matrix
    private let svr: SVR
    /// The level of each song; nil without contexts.
    private let codes: [Int?]?
    private let levels: Int
    private let shared: SVRProblem?

    /// - Parameter sharesProducts: as in `SVRProblem`.
    init(scaled: Matrix, svr: SVR, codes: [Int?]?, levels: Int, sharesProducts: Bool) {
        self.scaled = scaled
        self.svr = svr
        self.codes = codes
        self.levels = levels
        shared = codes == nil ? SVRProblem(table: scaled, svr: svr, sharesProducts: sharesProducts) : nil
    }

    /// The problem of a setting, and the gamma to solve it with.
    func problem(_ setting: SVRGrid.KernelSetting) -> (problem: SVRProblem, gamma: SVRGamma) {
        if let shared { return (shared, setting.gamma) }
        let table = columns(of: scaled, codes ?? [], setting)
        // `scale` and `auto` are those of the features, without the columns of the contexts.
        let gamma = kernel(setting).gamma.map { SVRGamma.value($0) } ?? setting.gamma
        return (SVRProblem(table: table, svr: svr, sharesProducts: false), gamma)
    }

    /// The columns that a machine of this setting sees of other scaled songs.
    func columns(of other: Matrix, _ otherCodes: [Int?], _ setting: SVRGrid.KernelSetting) -> Matrix {
        guard codes != nil else { return other }
        return SVRContext.append(
            to: other, codes: otherCodes, levels: levels, slope: setting.slope ?? 0, kernel: kernel(setting))
    }

    private func kernel(_ setting: SVRGrid.KernelSetting) -> SVMKernel {
        svr.kernel.with(gamma: setting.gamma).resolve(scaled)
    }
}
