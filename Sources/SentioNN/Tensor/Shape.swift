/// The lengths of a tensor's axes, outermost first. Elements are contiguous, in row-major order.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The length of each axis.
    public let dims: [Int]

    /// - Precondition: no length is negative, and the number of elements fits in an Int.
    public init(_ dims: [Int]) {
        var count = 1
        for dim in dims {
            precondition(dim >= 0, "The lengths of a shape must not be negative: \(dims).")
            let (product, overflow) = count.multipliedReportingOverflow(by: dim)
            precondition(!overflow, "The number of elements of shape \(dims) does not fit in an Int.")
            count = product
        }
        self.dims = dims
        self.count = count
    }

    /// `let shape: Shape = [2, 3]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// Number of elements.
    public let count: Int
    /// Number of axes.
    public var rank: Int { dims.count }
    /// The length of an axis; negative axes count from the end.
    public subscript(axis: Int) -> Int { dims[axis < 0 ? dims.count + axis : axis] }
    /// The length of the last axis; 1 for a scalar.
    public var last: Int { dims.last ?? 1 }
    /// Number of vectors along the last axis.
    public var rows: Int { last == 0 ? 0 : count / last }
    /// The same with another length of the last axis.
    public func replacingLast(_ length: Int) -> Shape { Shape(dims.dropLast() + [length]) }

    public var description: String { "[" + dims.map(String.init).joined(separator: ", ") + "]" }
}
