public import SentioNumerics

/// One target's epsilon-SVR: prediction = sum of coefficients[j] k(song, vectors[j]) + intercept.
public struct SupportVectorMachine: Sendable, Equatable, Codable {
    public let kernel: SVMKernel
    /// Support vectors x features.
    public let vectors: Matrix
    /// One a support vector, none 0.
    public let coefficients: [Double]
    public let intercept: Double

    /// - Throws: `LearnError.damagedModel` where counts do not agree or a number is not finite.
    public init(kernel: SVMKernel, vectors: Matrix, coefficients: [Double], intercept: Double) throws {
        self.kernel = kernel
        self.vectors = vectors
        self.coefficients = coefficients
        self.intercept = intercept
        try validate()
    }

    /// Throws `LearnError.damagedModel` where counts do not agree or a number is not finite.
    func validate() throws(LearnError) {
        do {
            try kernel.validate()
        } catch {
            throw .damagedModel(reason: error.description)
        }
        if vectors.rows != coefficients.count {
            throw .damagedModel(
                reason: "it has \(vectors.rows) support vectors and \(coefficients.count) coefficients")
        }
        guard vectors.values.allSatisfy(\.isFinite), coefficients.allSatisfy(\.isFinite), intercept.isFinite else {
            throw .damagedModel(reason: "one of its numbers is not finite")
        }
    }

    /// Predictions for songs x features (in the units of the support vectors).
    ///
    /// - Precondition: as many columns as the support vectors have.
    public func predict(_ features: Matrix) -> [Double] {
        precondition(features.columns == vectors.columns, "A song needs as many features as a support vector.")
        guard vectors.rows > 0 else { return [Double](repeating: intercept, count: features.rows) }
        let weights = Matrix(column: coefficients)
        var result: [Double] = []
        // In blocks, so that the kernel matrix of many songs does not fill the memory.
        for start in stride(from: 0, to: features.rows, by: 1024) {
            let block = features.selecting(rows: Array(start..<min(start + 1024, features.rows)))
            result += kernel.matrix(block, vectors).times(weights).values.map { $0 + intercept }
        }
        return result
    }
}
