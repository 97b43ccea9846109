import SentioNumerics

/// The width of a kernel, as scikit-learn words it.
public enum SVRGamma: Sendable, Hashable {
    /// 1 / (features x variance of all scaled elements).
    case scale
    /// 1 / features.
    case auto
    case value(Double)

    func resolve(_ scaled: Matrix) -> Double {
        switch self {
        case .value(let gamma): return gamma
        case .auto: return 1 / Double(scaled.columns)
        case .scale:
            let count = Double(scaled.values.count)
            let mean = scaled.values.reduce(0) { $0 + $1 / count }
            let variance = scaled.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
            return variance > 0 ? 1 / (Double(scaled.columns) * variance) : 1
        }
    }
}

/// A kernel whose gamma may still depend on the training table.
public enum SVRKernelChoice: Sendable, Hashable {
    case linear
    case rbf(gamma: SVRGamma = .scale)
    case polynomial(degree: Int = 3, gamma: SVRGamma = .scale, offset: Double = 0)
    case sigmoid(gamma: SVRGamma = .scale, offset: Double = 0)

    func resolve(_ scaled: Matrix) -> SVMKernel {
        switch self {
        case .linear: .linear
        case .rbf(let gamma): .rbf(gamma: gamma.resolve(scaled))
        case .polynomial(let degree, let gamma, let offset):
            .polynomial(degree: degree, gamma: gamma.resolve(scaled), offset: offset)
        case .sigmoid(let gamma, let offset): .sigmoid(gamma: gamma.resolve(scaled), offset: offset)
        }
    }
}
