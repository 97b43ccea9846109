import CNNKernels
public import SentioNumerics

/// The length of all gradients taken as one vector, and clipping by it (Pascanu et al. 2013; PyTorch's
/// `clip_grad_norm_`).
public enum GradientNorm {
    /// In double precision; NaN or infinity where a gradient is.
    public static func measure(_ gradients: AlignedFloats) -> Double {
        nn_squared_norm(gradients.pointer, Int64(gradients.count)).squareRoot()
    }

    /// The factor that brings a norm down to `limit`; 1 where it is below, or `limit` is 0.
    public static func scale(norm: Double, limit: Double) -> Float {
        limit > 0 && norm > limit ? Float(limit / (norm + 1e-6)) : 1
    }
}
