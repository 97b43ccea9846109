import CNNKernels
public import SentioNumerics

/// The Euclidean norm of all gradients as one vector, and clipping by it (Pascanu et al. 2013; PyTorch's
/// `clip_grad_norm_`).
public enum GradientNorm {
    /// The norm, summed in double precision; NaN or infinity if a gradient is.
    public static func measure(_ gradients: AlignedFloats) -> Double {
        nn_squared_norm(gradients.pointer, Int64(gradients.count)).squareRoot()
    }

    /// The factor that brings a norm down to `limit`; 1 if it is below, or if `limit` is 0.
    public static func scale(norm: Double, limit: Double) -> Float {
        limit > 0 && norm > limit ? Float(limit / (norm + 1e-6)) : 1
    }
}
