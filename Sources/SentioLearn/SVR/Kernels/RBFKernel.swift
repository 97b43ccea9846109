import CLearnKernels

/// The radial basis function exp(-gamma |u - v|²).
enum RBFKernel: KernelFunction {
    static let name = "rbf"
    static let parameters: Set<KernelParameter> = [.gamma]
    static let isRadial = true

    static func apply(
        _ parameters: KernelParameters, to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]
    ) {
        norms.withUnsafeBufferPointer { norms in
            svm_rbf(products.baseAddress, Int64(products.count), parameters.gamma, norm, norms.baseAddress)
        }
    }
}

extension SVMKernel {
    /// exp(-gamma |u - v|²)
    public static func rbf(gamma: Double) -> SVMKernel { SVMKernel(RBFKernel.self, KernelParameters(gamma: gamma)) }
}

extension SVRKernelChoice {
    /// exp(-gamma |u - v|²)
    public static func rbf(gamma: SVRGamma = .scale) -> SVRKernelChoice {
        SVRKernelChoice(RBFKernel.self, gamma: gamma)
    }
}
