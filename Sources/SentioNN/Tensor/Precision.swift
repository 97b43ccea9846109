/// In what numbers the products of a network are computed. Whatever is stored (weights, activations, gradients,
/// moments) is float32 in either.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    case float32
    /// Mixed precision: the factors of linear layers and of attention are rounded to bfloat16, eight bits of a number
    /// instead of 24, and summed up in float32. Everything else stays float32.
    case bfloat16 = "bf16"

    /// What this processor computes without imitating it: bfloat16 becomes float32 where there is no arithmetic for it
    /// (AVX-512 bf16 or AMX).
    public var native: Precision { self == .bfloat16 && !BFloat16.isNative ? .float32 : self }
}
