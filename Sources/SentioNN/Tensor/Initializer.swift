import Foundation
import SentioNumerics

/// The values that a parameter starts with.
public enum Initializer: Sendable, Hashable {
    /// The same value everywhere.
    case constant(Float)
    /// Normal, mean 0.
    case normal(deviation: Float)
    /// Normal, mean 0; values beyond two deviations are drawn again (timm's `trunc_normal_`, usually with 0.02).
    case truncatedNormal(deviation: Float)
    /// Uniform in -bound...bound.
    case uniform(bound: Float)

    /// All 0.
    public static var zeros: Initializer { .constant(0) }
    /// All 1.
    public static var ones: Initializer { .constant(1) }
    /// PyTorch's default for linear, convolutional and recurrent layers: uniform within 1 / sqrt(fan in).
    public static func fanIn(_ count: Int) -> Initializer { .uniform(bound: 1 / Float(max(1, count)).squareRoot()) }

    /// Fills values from a random stream of the parameter's name, so that adding a layer changes no other parameter.
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
