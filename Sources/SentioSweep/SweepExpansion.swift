import SentioKit
import SentioSpec

/// The settings of a sweep. A larger `run_cap` only appends settings.
struct SweepExpansion {
    let spec: SweepSpec
    /// Seed of the draws.
    let seed: Int

    /// The settings, each once. A grid may exceed the limit, which the caller must check.
    var settings: [[SweepSetting]] {
        switch spec.method {
        case .grid: grid
        case .list: Array(spec.cells.prefix(spec.runCap ?? spec.cells.count))
        case .random: drawn { index in spec.parameters.map { random($0.name, index) } }
        case .sobol: sobol
        }
    }

    /// The last parameter changes fastest.
    private var grid: [[SweepSetting]] {
        var cells: [[SweepSetting]] = [[]]
        let limit = spec.runCap ?? SweepSpec.maximumArms + 1
        // From the last parameter to the first, so that cutting keeps the first settings of the whole grid.
        for parameter in spec.parameters.reversed() {
            guard let count = parameter.count else { continue }
            var longer: [[SweepSetting]] = []
            for index in 0..<count where longer.count < limit {
                let setting = parameter.setting(at: (Double(index) + 0.5) / Double(count))
                for cell in cells where longer.count < limit { longer.append([setting] + cell) }
            }
            cells = longer
        }
        return Array(cells.prefix(limit))
    }

    private var sobol: [[SweepSetting]] {
        let shift = spec.parameters.map {
            UInt32(truncatingIfNeeded: Hashing.seed(run: seed, stage: "sweep", item: $0.name) >> 32)
        }
        let sequence = SobolSequence(dimensions: spec.parameters.count, shift: shift)
        return drawn { sequence.point($0) }
    }

    /// Settings at points of the unit cube, without duplicates. There are fewer than requested once all combinations of
    /// whole numbers and listed values are used.
    private func drawn(_ point: (Int) -> [Double]) -> [[SweepSetting]] {
        let wanted = spec.runCap ?? 0
        var settings: [[SweepSetting]] = [], seen: Set<String> = []
        for index in 0..<(wanted * 100) where settings.count < wanted {
            let setting = zip(spec.parameters, point(index)).map { $0.setting(at: $1) }
            if seen.insert(SweepSetting.arm(setting)).inserted { settings.append(setting) }
            if let most = distinct, settings.count >= most { break }
        }
        return settings
    }

    /// Number of different settings; nil if unlimited.
    private var distinct: Int? {
        spec.parameters.reduce(Int?.some(1)) { product, parameter in
            guard let product, let count = parameter.count else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: count)
            return overflow ? nil : next
        }
    }

    /// A number in 0..<1 that depends only on the seed, the name of the parameter and the draw: other parameters or a
    /// larger `run_cap` do not change it.
    private func random(_ name: String, _ index: Int) -> Double {
        Double(Hashing.seed(run: seed, stage: "sweep", item: name, replicate: index) >> 11) * 0x1p-53
    }
}
