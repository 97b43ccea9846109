/// XGBoost's closed-form weight and gain of a node with given sums of derivatives.
struct LeafWeight {
    let options: GBDT

    private func shrunk(_ gradient: Double) -> Double {
        gradient > options.alpha ? gradient - options.alpha : gradient < -options.alpha ? gradient + options.alpha : 0
    }

    /// The value of the node as a leaf, before shrinkage by the learning rate.
    func weight(gradient: Double, hessian: Double, lower: Double = -.infinity, upper: Double = .infinity) -> Double {
        guard hessian + options.lambda > 0 else { return 0 }
        return min(upper, max(lower, -shrunk(gradient) / (hessian + options.lambda)))
    }

    /// Twice the loss reduction of the node as a leaf. Like XGBoost, it ignores alpha if weights are bounded.
    func gain(gradient: Double, hessian: Double, lower: Double = -.infinity, upper: Double = .infinity) -> Double {
        guard hessian + options.lambda > 0 else { return 0 }
        if options.monotone.values.allSatisfy({ $0 == 0 }) {
            return shrunk(gradient) * shrunk(gradient) / (hessian + options.lambda)
        }
        let w = weight(gradient: gradient, hessian: hessian, lower: lower, upper: upper)
        return -(2 * gradient * w + (hessian + options.lambda) * w * w)
    }
}
