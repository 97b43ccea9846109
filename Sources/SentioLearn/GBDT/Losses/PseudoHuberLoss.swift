/// Quadratic up to about `slope`, then smoothly linear; `reg:pseudohubererror`.
struct PseudoHuberLoss: BoostingLoss {
    static let name = "huber"
    static let objectives = ["reg:pseudohubererror"]
    static let parametersKey: String? = "pseudo_huber_param"
    static let hasUnitHessian = false

    let slope: Double

    init(_ parameters: LossParameters) { slope = parameters.slope }

    init(xgboost parameters: [String: String]) throws(LearnError) {
        let text = parameters["huber_slope"] ?? "1"
        guard let slope = Double(text), slope > 0, slope.isFinite else {
            throw .damagedModel(reason: "its huber_slope is \"\(text.prefix(20))\" and must be a positive number")
        }
        self.slope = slope
    }

    func xgboostParameters(targets: Int) -> [String: String] { ["huber_slope": "\(slope)"] }

    func validate() throws(LearnError) {
        guard slope > 0, slope.isFinite else {
            throw .badParameter(name: "slope", value: "\(slope)", allowed: "a positive number")
        }
    }

    @inline(__always)
    func derivatives(prediction: Float, target: Float) -> LossDerivatives {
        let difference = Double(prediction - target)
        let z = difference / slope
        let root = (1 + z * z).squareRoot()
        return LossDerivatives(gradient: Float(difference / root), hessian: Float(1 / ((1 + z * z) * root)))
    }

    @inline(__always)
    func value(difference: Double) -> Double {
        let z = difference / slope
        return slope * slope * ((1 + z * z).squareRoot() - 1)
    }

    /// The median. XGBoost takes one Newton step from 0 instead, which ends far from the data where they are far from
    /// 0.
    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float { WeibullQuantile.of(targets, 0.5) }
}

extension GBDTLoss {
    /// Quadratic up to about `slope`, then smoothly linear; `reg:pseudohubererror`. Default slope: XGBoost's, 1.
    public static func huber(slope: Double = 1) -> GBDTLoss {
        GBDTLoss(PseudoHuberLoss(LossParameters(slope: slope)))
    }
}
