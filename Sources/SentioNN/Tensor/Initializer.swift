import Foundation
import SentioNumerics

/// How a parameter starts.
public enum Initializer: Sendable, Hashable {
    case constant(Float)
    /// Normal, mean 0.
    case normal(deviation: Float)
    /// Normal, mean 0, values beyond two deviations drawn again (timm's `trunc_normal_` with its usual 0.02).
    case truncatedNormal(deviation: Float)
    /// Uniform in -bound...bound.
    case uniform(bound: Float)

    public static var zeros: Initializer { .constant(0) }
    public static var ones: Initializer { .constant(1) }
    /// PyTorch's default of linear, convolution and recurrent layers: uniform within 1 / sqrt(fan in).
    public static func fanIn(_ count: Int) -> Initializer { .uniform(bound: 1 / Float(max(1, count)).squareRoot()) }
    /// Glorot and Bengio 2010: uniform within sqrt(6 / (fan in + fan out)).
    public static func glorot(fanIn: Int, fanOut: Int) -> Initializer {
        .uniform(bound: (6 / Float(max(1, fanIn + fanOut))).squareRoot())
    }

    /// Fills values from the stream that belongs to the parameter's name alone: another layer shifts nothing.
    func fill(_ values: UnsafeMutableBufferPointer<Float>, seed: UInt64, name: String) {
        var random = Philox(key: seed, stream: Self.stream(name))
        switch self {
        case .constant(let value): values.update(repeating: value)
        case .normal(let deviation):
            for index in values.indices { values[index] = Float(random.nextNormal()) * deviation }
        case .truncatedNormal(let deviation):
            for index in values.indices {
                var draw = random.nextNormal()
                while abs(draw) > 2 { draw = random.nextNormal() }
                values[index] = Float(draw) * deviation
            }
        case .uniform(let bound):
            for index in values.indices { values[index] = Float(2 * random.nextDouble() - 1) * bound }
        }
    }

    /// FNV-1a of the name.
    private static func stream(_ name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
