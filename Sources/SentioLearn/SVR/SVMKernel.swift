import SentioNumerics

/// A kernel function of support vector machines, k(u, v), with LIBSVM's parameters.
public struct SVMKernel: Sendable {
    /// Every kernel function.
    static let functions: [any KernelFunction.Type] = [
        RBFKernel.self, LinearKernel.self, PolynomialKernel.self, SigmoidKernel.self,
    ]

    let function: any KernelFunction.Type
    /// Neutral values for the parameters that the function does not have.
    let parameters: KernelParameters

    init(_ function: any KernelFunction.Type, _ parameters: KernelParameters) {
        let used = function.parameters
        var own = KernelParameters()
        if used.contains(.degree) { own.degree = parameters.degree }
        if used.contains(.gamma) { own.gamma = parameters.gamma }
        if used.contains(.offset) { own.offset = parameters.offset }
        self.function = function
        self.parameters = own
    }

    /// The function of that name in model files; nil for an unknown name.
    static func function(libsvmName: String) -> (any KernelFunction.Type)? {
        functions.first { $0.libsvmName == libsvmName }
    }

    /// LIBSVM's name: `rbf`, `linear`, `polynomial` or `sigmoid`.
    public var name: String { function.libsvmName }

    /// Nil for a kernel that has none.
    public var gamma: Double? { function.parameters.contains(.gamma) ? parameters.gamma : nil }

    /// Throws `LearnError.badParameter` for a gamma that is not positive, a degree outside 1...100, or an offset that
    /// is not finite.
    func validate() throws(LearnError) {
        guard parameters.gamma > 0, parameters.gamma.isFinite else {
            throw .badParameter(name: "gamma", value: "\(parameters.gamma)", allowed: "a positive number")
        }
        guard parameters.offset.isFinite else {
            throw .badParameter(name: "offset", value: "\(parameters.offset)", allowed: "a finite number")
        }
        guard (1...100).contains(parameters.degree) else {
            throw .badParameter(name: "degree", value: "\(parameters.degree)", allowed: "between 1 and 100")
        }
    }

    /// All values between the rows of two tables: left rows x right rows. The inner products go through OpenBLAS.
    func matrix(_ left: Matrix, _ right: Matrix) -> Matrix {
        var result = left.times(right, transposeOther: true)
        let leftNorms = Self.squaredNorms(left)
        let rightNorms = Self.squaredNorms(right)
        let (rows, columns) = (result.rows, result.columns)
        result.withUnsafeMutableValues { values in
            for row in 0..<rows {
                apply(
                    to: UnsafeMutableBufferPointer(rebasing: values[row * columns..<(row + 1) * columns]),
                    norm: leftNorms[row], norms: rightNorms)
            }
        }
        return result
    }

    /// Turns inner products of one row with others into kernel values, given all squared norms.
    func apply(to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]) {
        function.apply(parameters, to: products, norm: norm, norms: norms)
    }

    static func squaredNorms(_ table: Matrix) -> [Double] {
        (0..<table.rows).map { row in table.row(row).reduce(0) { $0 + $1 * $1 } }
    }
}

extension SVMKernel: Hashable {
    public static func == (left: SVMKernel, right: SVMKernel) -> Bool {
        left.name == right.name && left.parameters == right.parameters
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(parameters)
    }
}

/// JSON form: `{"polynomial": {"degree": 3, "gamma": 0.25, "offset": 0}}`, with the parameters that the kernel has.
extension SVMKernel: Codable {
    private struct StoredParameters: Codable {
        var degree: Int?
        var gamma: Double?
        var offset: Double?
    }

    /// Throws `DecodingError` for an unknown kernel or a missing parameter.
    public init(from decoder: any Decoder) throws {
        let stored = try [String: StoredParameters](from: decoder)
        guard stored.count == 1, let (name, values) = stored.first, let function = Self.function(libsvmName: name)
        else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "A kernel is one of \(Self.functions.map { $0.libsvmName }.joined(separator: ", "))."))
        }
        func required<Number>(_ parameter: KernelParameter, _ value: Number?, or neutral: Number) throws -> Number {
            guard function.parameters.contains(parameter) else { return neutral }
            guard let value else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription: "The kernel \(name) needs its \(parameter)."))
            }
            return value
        }
        let neutral = KernelParameters()
        self.init(
            function,
            KernelParameters(
                degree: try required(.degree, values.degree, or: neutral.degree),
                gamma: try required(.gamma, values.gamma, or: neutral.gamma),
                offset: try required(.offset, values.offset, or: neutral.offset)))
    }

    public func encode(to encoder: any Encoder) throws {
        let used = function.parameters
        let stored = StoredParameters(
            degree: used.contains(.degree) ? parameters.degree : nil, gamma: gamma,
            offset: used.contains(.offset) ? parameters.offset : nil)
        try [name: stored].encode(to: encoder)
    }
}
