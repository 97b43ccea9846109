import Foundation

/// tanh(gamma u.v + offset); not positive semidefinite for every offset.
enum SigmoidKernel: KernelFunction {
    static let name = "sigmoid"
    static let parameters: Set<KernelParameter> = [.gamma, .offset]

    static func apply(
        _ parameters: KernelParameters, to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]
    ) {
        let (gamma, offset) = (parameters.gamma, parameters.offset)
        for index in products.indices { products[index] = tanh(gamma * products[index] + offset) }
    }
}

extension SVMKernel {
    /// tanh(gamma u.v + offset); not positive semidefinite for every offset.
    public static func sigmoid(gamma: Double, offset: Double) -> SVMKernel {
        SVMKernel(SigmoidKernel.self, KernelParameters(gamma: gamma, offset: offset))
    }
}

extension SVRKernelChoice {
    /// tanh(gamma u.v + offset); not positive semidefinite for every offset.
    public static func sigmoid(gamma: SVRGamma = .scale, offset: Double = 0) -> SVRKernelChoice {
        SVRKernelChoice(SigmoidKernel.self, gamma: gamma, offset: offset)
    }
}
