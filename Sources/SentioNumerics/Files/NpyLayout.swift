/// Where the values of a `.npy` file lie.
public struct NpyLayout: Equatable, Sendable {
    /// Types as NumPy writes them, little-endian.
    public enum Element: String, Sendable {
        case float32 = "<f4"
        case float64 = "<f8"
        case int64 = "<i8"

        /// Bytes of one value.
        public var width: Int { self == .float32 ? 4 : 8 }
    }

    /// C order; empty for one scalar.
    public let shape: [Int]
    public let element: Element
    /// Of the first value, in bytes from the file's start.
    public let offset: Int
    /// Number of values.
    public let count: Int
}
