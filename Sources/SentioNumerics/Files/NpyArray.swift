/// The array in a `.npy` file.
public struct NpyArray: Equatable, Sendable {
    /// Values of one of the supported types.
    public enum Values: Equatable, Sendable {
        case float32([Float])
        case float64([Double])
        case int64([Int64])
    }
    /// The extent of each axis; empty for a scalar.
    public let shape: [Int]
    /// The values in C (row-major) order.
    public let values: Values

    /// - Precondition: the product of `shape` is the number of values.
    public init(shape: [Int], values: Values) {
        self.shape = shape
        self.values = values
        precondition(
            shape.allSatisfy { $0 >= 0 } && (shape.contains(0) ? count == 0 : shape.reduce(1, *) == count),
            "The shape \(shape) does not describe \(count) values.")
    }

    /// A float32 array.
    public init(_ values: [Float], shape: [Int]) { self.init(shape: shape, values: .float32(values)) }
    /// A float64 array.
    public init(_ values: [Double], shape: [Int]) { self.init(shape: shape, values: .float64(values)) }
    /// An int64 array.
    public init(_ values: [Int64], shape: [Int]) { self.init(shape: shape, values: .int64(values)) }

    /// Number of values.
    public var count: Int {
        switch values {
        case .float32(let v): v.count
        case .float64(let v): v.count
        case .int64(let v): v.count
        }
    }

    /// The values as float32; float64 and int64 are rounded to the nearest.
    public var floats: [Float] {
        switch values {
        case .float32(let v): v
        case .float64(let v): v.map { Float($0) }
        case .int64(let v): v.map { Float($0) }
        }
    }

    /// The values as float64; int64 beyond 2^53 is rounded to the nearest.
    public var doubles: [Double] {
        switch values {
        case .float32(let v): v.map { Double($0) }
        case .float64(let v): v
        case .int64(let v): v.map { Double($0) }
        }
    }
}
