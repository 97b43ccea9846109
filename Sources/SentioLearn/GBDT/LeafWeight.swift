/// XGBoost's closed forms for a node with these sums of derivatives.
struct LeafWeight {
    let options: GBDT

    private func shrunk(_ gradient: Double) -> Double {
        gradient > options.alpha ? gradient - options.alpha : gradient < -options.alpha ? gradient + options.alpha : 0
    }

    /// What the node would add as a leaf, without shrinkage by the learning rate.
    func weight(gradient: Double, hessian: Double, lower: Double = -.infinity, upper: Double = .infinity) -> Double {
        guard hessian + options.lambda > 0 else { return 0 }
        return min(upper, max(lower, -shrunk(gradient) / (hessian + options.lambda)))
    }

    /// Twice the loss that the node takes away as a leaf. Where weights are bounded, XGBoost leaves alpha out of it.
    func gain(gradient: Double, hessian: Double, lower: Double = -.infinity, upper: Double = .infinity) -> Double {
        guard hessian + options.lambda > 0 else { return 0 }
        if options.monotone.values.allSatisfy({ $0 == 0 }) {
            return shrunk(gradient) * shrunk(gradient) / (hessian + options.lambda)
        }
        let w = weight(gradient: gradient, hessian: hessian, lower: lower, upper: upper)
        return -(2 * gradient * w + (hessian + options.lambda) * w * w)
    }
}
