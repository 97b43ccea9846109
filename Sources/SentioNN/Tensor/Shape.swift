/// The lengths of a tensor's axes, outermost first. Elements lie one after another, the last axis fastest.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    public let dims: [Int]

    /// - Precondition: no length is negative and the product fits in an Int.
    public init(_ dims: [Int]) {
        var count = 1
        for dim in dims {
            precondition(dim >= 0, "A shape has no negative lengths: \(dims).")
            let (product, overflow) = count.multipliedReportingOverflow(by: dim)
            precondition(!overflow, "The shape \(dims) has more elements than an Int can count.")
            count = product
        }
        self.dims = dims
        self.count = count
    }

    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// How many elements.
    public let count: Int
    public var rank: Int { dims.count }
    /// The length of an axis; negative axes count from the end.
    public subscript(axis: Int) -> Int { dims[axis < 0 ? dims.count + axis : axis] }
    /// The length of the last axis; 1 for a scalar.
    public var last: Int { dims.last ?? 1 }
    /// How many vectors along the last axis.
    public var rows: Int { last == 0 ? 0 : count / last }
    /// The same with another last axis.
    public func replacingLast(_ length: Int) -> Shape { Shape(dims.dropLast() + [length]) }

    public var description: String { "[" + dims.map(String.init).joined(separator: ", ") + "]" }
}
