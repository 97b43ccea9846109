/// The precision in which a network's matrix products are computed. What is stored (weights, activations, gradients,
/// moments) is float32 in either case.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// Single precision throughout.
    case float32
    /// Mixed precision: the factors in linear layers and attention are rounded to bfloat16, which has 8 significant
    /// bits instead of 24, and summed in float32. Everything else stays float32.
    case bfloat16 = "bf16"

    /// What this processor can compute without emulation: bfloat16 becomes float32 on a processor without arithmetic
    /// for it (AVX-512 bf16 or AMX).
    public var native: Precision { self == .bfloat16 && !BFloat16.isNative ? .float32 : self }
}
