/// A kernel function k(u, v) that can be computed from the inner product u.v and the squared norms of u and v.
///
/// A new kernel is a type in a file of its own and a line in `SVMKernel.functions`.
protocol KernelFunction: Sendable {
    /// Its name in pipelines, as in scikit-learn.
    static var name: String { get }
    /// Its name in model files, as in LIBSVM. Default: `name`.
    static var libsvmName: String { get }
    /// The parameters that it has; it ignores the others.
    static var parameters: Set<KernelParameter> { get }
    /// Whether its values depend on the distance of u and v alone. Default: false.
    static var isRadial: Bool { get }

    /// Turns inner products of one row with others into kernel values, in place.
    ///
    /// - Parameters:
    ///   - norm: squared norm of the one row.
    ///   - norms: squared norms of the other rows, as many as products.
    static func apply(
        _ parameters: KernelParameters, to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double])
}

extension KernelFunction {
    static var libsvmName: String { name }
    static var isRadial: Bool { false }
}

/// A parameter that some kernel functions have.
enum KernelParameter {
    case degree, gamma, offset
}

/// The values of all kernel parameters. Those that a function does not have keep these neutral values.
struct KernelParameters: Sendable, Hashable {
    var degree = 1
    var gamma = 1.0
    var offset = 0.0
}
