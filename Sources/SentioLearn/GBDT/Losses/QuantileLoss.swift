/// The pinball loss of quantile `alpha`; `reg:quantileerror`. Leaves are set to that quantile of their residuals.
struct QuantileLoss: BoostingLoss {
    static let name = "quantile"
    static let objectives = ["reg:quantileerror"]
    static let parametersKey: String? = "quantile_loss_param"

    let alpha: Double

    init(_ parameters: LossParameters) { alpha = parameters.alpha }

    init(xgboost parameters: [String: String]) throws(LearnError) {
        let text = parameters["quantile_alpha"] ?? "missing"
        let parts = text.filter { !"[]() ".contains($0) }.split(separator: ",")
        let alphas = parts.compactMap { Double($0) }.filter { $0 > 0 && $0 < 1 }
        guard let first = alphas.first, alphas.count == parts.count else {
            throw .damagedModel(reason: "its quantile_alpha is \"\(text.prefix(60))\" and must be between 0 and 1")
        }
        guard alphas.allSatisfy({ $0 == first }) else {
            throw .foreignModel(
                reason: "it predicts several quantiles (\(text.prefix(60))); only models of one quantile can be read")
        }
        alpha = first
    }

    /// XGBoost takes several outputs of this loss as several quantiles: one for each.
    func xgboostParameters(targets: Int) -> [String: String] {
        let alphas = [String](repeating: "\(alpha)", count: targets)
        return ["quantile_alpha": "[\(alphas.joined(separator: ","))]"]
    }

    func validate() throws(LearnError) {
        guard alpha > 0, alpha < 1 else {
            throw .badParameter(name: "quantile", value: "\(alpha)", allowed: "between 0 and 1")
        }
    }

    var leafQuantile: Double? { alpha }

    @inline(__always)
    func derivatives(prediction: Float, target: Float) -> LossDerivatives {
        LossDerivatives(gradient: Float(prediction - target >= 0 ? 1 - alpha : -alpha))
    }

    @inline(__always)
    func value(difference: Double) -> Double { difference >= 0 ? (1 - alpha) * difference : -alpha * difference }

    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float { WeibullQuantile.of(targets, alpha) }
}

extension GBDTLoss {
    /// The pinball loss of quantile `alpha`, above 0 and below 1; `reg:quantileerror`. Leaves are set to that quantile
    /// of their residuals. Default: the median.
    public static func quantile(alpha: Double = 0.5) -> GBDTLoss {
        GBDTLoss(QuantileLoss(LossParameters(alpha: alpha)))
    }
}
