public import SentioNumerics

/// The epsilon-SVR of one target: prediction = sum over j of coefficients[j] k(song, vectors[j]) + intercept.
public struct SupportVectorMachine: Sendable, Equatable, Codable {
    /// The kernel function k.
    public let kernel: SVMKernel
    /// Support vectors x features.
    public let vectors: Matrix
    /// The coefficient of each support vector; none is 0.
    public let coefficients: [Double]
    /// The constant term, in units of the target.
    public let intercept: Double

    /// - Throws: `LearnError.damagedModel` if counts do not match or a number is not finite.
    public init(kernel: SVMKernel, vectors: Matrix, coefficients: [Double], intercept: Double) throws {
        self.kernel = kernel
        self.vectors = vectors
        self.coefficients = coefficients
        self.intercept = intercept
        try validate()
    }

    /// - Throws: `LearnError.damagedModel` if counts do not match or a number is not finite.
    func validate() throws(LearnError) {
        do {
            try kernel.validate()
        } catch {
            throw .damagedModel(reason: error.description)
        }
        if vectors.rows != coefficients.count {
            throw .damagedModel(
                reason: "it has \(vectors.rows) support vectors, but \(coefficients.count) coefficients")
        }
        guard vectors.values.allSatisfy(\.isFinite), coefficients.allSatisfy(\.isFinite), intercept.isFinite else {
            throw .damagedModel(reason: "one of its numbers is not finite")
        }
    }

    /// The prediction for each song. `features` is songs x features, in the units of the support vectors.
    ///
    /// - Precondition: as many columns as the support vectors have.
    public func predict(_ features: Matrix) -> [Double] {
        precondition(features.columns == vectors.columns, "A song needs as many features as a support vector.")
        guard vectors.rows > 0 else { return [Double](repeating: intercept, count: features.rows) }
        let weights = Matrix(column: coefficients)
        var result: [Double] = []
        // In blocks, to bound the memory for the kernel matrix of many songs.
        for start in stride(from: 0, to: features.rows, by: 1024) {
            let block = features.selecting(rows: Array(start..<min(start + 1024, features.rows)))
            result += kernel.matrix(block, vectors).times(weights).values.map { $0 + intercept }
        }
        return result
    }
}
