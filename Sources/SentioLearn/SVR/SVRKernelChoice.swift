import SentioNumerics

/// A kernel whose gamma may still depend on the training table.
public struct SVRKernelChoice: Sendable, CustomStringConvertible {
    /// Every kernel with its default parameters.
    public static let all: [SVRKernelChoice] = SVMKernel.functions.map { SVRKernelChoice($0) }
    /// The names of all kernels.
    public static var names: [String] { all.map(\.name) }

    let function: any KernelFunction.Type
    /// The defaults for the parameters that the function does not have.
    let degree: Int
    let gamma: SVRGamma
    let offset: Double

    /// Default parameters: scikit-learn's.
    init(_ function: any KernelFunction.Type, degree: Int = 3, gamma: SVRGamma = .scale, offset: Double = 0) {
        let used = function.parameters
        self.function = function
        self.degree = used.contains(.degree) ? degree : 3
        self.gamma = used.contains(.gamma) ? gamma : .scale
        self.offset = used.contains(.offset) ? offset : 0
    }

    /// The kernel of that name with its default parameters; nil for an unknown name.
    public init?(name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// scikit-learn's name: `rbf`, `linear`, `poly` or `sigmoid`.
    public var name: String { function.name }
    public var description: String { name }

    /// The same kernel with another degree and offset, where it has them.
    public func with(degree: Int, offset: Double) -> SVRKernelChoice {
        SVRKernelChoice(function, degree: degree, gamma: gamma, offset: offset)
    }

    /// The same kernel with another gamma, where it has one.
    func with(gamma: SVRGamma) -> SVRKernelChoice {
        SVRKernelChoice(function, degree: degree, gamma: gamma, offset: offset)
    }

    var hasGamma: Bool { function.parameters.contains(.gamma) }

    func resolve(_ scaled: Matrix) -> SVMKernel {
        let gamma = hasGamma ? gamma.resolve(scaled) : 1
        return SVMKernel(function, KernelParameters(degree: degree, gamma: gamma, offset: offset))
    }
}

extension SVRKernelChoice: Hashable {
    public static func == (left: SVRKernelChoice, right: SVRKernelChoice) -> Bool {
        left.name == right.name && left.degree == right.degree && left.gamma == right.gamma
            && left.offset == right.offset
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(degree)
        hasher.combine(gamma)
        hasher.combine(offset)
    }
}
