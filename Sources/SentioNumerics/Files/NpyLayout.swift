/// The location and type of the values in a `.npy` file.
public struct NpyLayout: Equatable, Sendable {
    /// The supported little-endian types, by NumPy's names.
    public enum Element: String, Sendable {
        case float32 = "<f4"
        case float64 = "<f8"
        case int64 = "<i8"

        /// Size of a value, in bytes.
        public var width: Int { self == .float32 ? 4 : 8 }
    }

    /// The extent of each axis, in C order; empty for a scalar.
    public let shape: [Int]
    /// The type of the values.
    public let element: Element
    /// Offset of the first value from the start of the file, in bytes.
    public let offset: Int
    /// Number of values.
    public let count: Int
}
