/// (gamma u.v + offset)^degree.
enum PolynomialKernel: KernelFunction {
    static let name = "poly"
    static let libsvmName = "polynomial"
    static let parameters: Set<KernelParameter> = [.degree, .gamma, .offset]

    static func apply(
        _ parameters: KernelParameters, to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]
    ) {
        let (gamma, offset, degree) = (parameters.gamma, parameters.offset, parameters.degree)
        for index in products.indices { products[index] = power(gamma * products[index] + offset, degree) }
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, left) = (1.0, base, exponent)
        while left > 0 {
            if left % 2 == 1 { result *= square }
            square *= square
            left /= 2
        }
        return result
    }
}

extension SVMKernel {
    /// (gamma u.v + offset)^degree
    public static func polynomial(degree: Int, gamma: Double, offset: Double) -> SVMKernel {
        SVMKernel(PolynomialKernel.self, KernelParameters(degree: degree, gamma: gamma, offset: offset))
    }
}

extension SVRKernelChoice {
    /// (gamma u.v + offset)^degree
    public static func polynomial(
        degree: Int = 3, gamma: SVRGamma = .scale, offset: Double = 0
    ) -> SVRKernelChoice {
        SVRKernelChoice(PolynomialKernel.self, degree: degree, gamma: gamma, offset: offset)
    }
}
