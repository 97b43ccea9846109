/// The absolute error; `reg:absoluteerror`. Leaves are set to the median of their residuals.
struct AbsoluteLoss: BoostingLoss {
    static let name = "absolute"
    static let objectives = ["reg:absoluteerror"]

    init(_ parameters: LossParameters) {}
    init(xgboost parameters: [String: String]) {}

    var leafQuantile: Double? { 0.5 }

    @inline(__always)
    func derivatives(prediction: Float, target: Float) -> LossDerivatives {
        let difference = prediction - target
        return LossDerivatives(gradient: difference > 0 ? 1 : difference < 0 ? -1 : 0)
    }

    @inline(__always)
    func value(difference: Double) -> Double { difference.magnitude }

    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float { WeibullQuantile.of(targets, 0.5) }
}

extension GBDTLoss {
    /// The absolute error; `reg:absoluteerror`. Leaves are set to the median of their residuals.
    public static let absolute = GBDTLoss(AbsoluteLoss(LossParameters()))
}
