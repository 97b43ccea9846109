/// The inner product u.v.
enum LinearKernel: KernelFunction {
    static let name = "linear"
    static let parameters: Set<KernelParameter> = []

    static func apply(
        _ parameters: KernelParameters, to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]
    ) {}
}

extension SVMKernel {
    /// u.v
    public static let linear = SVMKernel(LinearKernel.self, KernelParameters())
}

extension SVRKernelChoice {
    /// u.v
    public static let linear = SVRKernelChoice(LinearKernel.self)
}
