import CLearnKernels
import Foundation
import SentioNumerics

/// A kernel function of support vector machines, k(u, v), with LIBSVM's parameters.
public enum SVMKernel: Sendable, Hashable, Codable {
    /// u.v
    case linear
    /// exp(-gamma |u - v|^2)
    case rbf(gamma: Double)
    /// (gamma u.v + offset)^degree
    case polynomial(degree: Int, gamma: Double, offset: Double)
    /// tanh(gamma u.v + offset); not positive semidefinite for every offset
    case sigmoid(gamma: Double, offset: Double)

    /// LIBSVM's names.
    public var name: String {
        switch self {
        case .linear: "linear"
        case .rbf: "rbf"
        case .polynomial: "polynomial"
        case .sigmoid: "sigmoid"
        }
    }

    /// Throws `LearnError.badParameter` for a gamma that is not positive, a degree outside 1...100, or an offset that
    /// is not finite.
    func validate() throws(LearnError) {
        var (checkedGamma, checkedOffset, checkedDegree) = (1.0, 0.0, 1)
        switch self {
        case .linear: break
        case .rbf(let gamma): checkedGamma = gamma
        case .polynomial(let degree, let gamma, let offset):
            (checkedGamma, checkedOffset, checkedDegree) = (gamma, offset, degree)
        case .sigmoid(let gamma, let offset): (checkedGamma, checkedOffset) = (gamma, offset)
        }
        guard checkedGamma > 0, checkedGamma.isFinite else {
            throw .badParameter(name: "gamma", value: "\(checkedGamma)", allowed: "a positive number")
        }
        guard checkedOffset.isFinite else {
            throw .badParameter(name: "offset", value: "\(checkedOffset)", allowed: "a finite number")
        }
        guard (1...100).contains(checkedDegree) else {
            throw .badParameter(name: "degree", value: "\(checkedDegree)", allowed: "between 1 and 100")
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

    /// Turns inner products of one row with others into kernel values, given all squared lengths.
    func apply(to products: UnsafeMutableBufferPointer<Double>, norm: Double, norms: [Double]) {
        switch self {
        case .linear: break
        case .rbf(let gamma):
            norms.withUnsafeBufferPointer { norms in
                svm_rbf(products.baseAddress, Int64(products.count), gamma, norm, norms.baseAddress)
            }
        case .polynomial(let degree, let gamma, let offset):
            for index in products.indices {
                products[index] = Self.power(gamma * products[index] + offset, degree)
            }
        case .sigmoid(let gamma, let offset):
            for index in products.indices { products[index] = tanh(gamma * products[index] + offset) }
        }
    }

    static func squaredNorms(_ table: Matrix) -> [Double] {
        (0..<table.rows).map { row in table.row(row).reduce(0) { $0 + $1 * $1 } }
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
