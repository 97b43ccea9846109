/// Half the squared error; `reg:squarederror`.
struct SquaredLoss: BoostingLoss {
    static let name = "squared"
    static let objectives = ["reg:squarederror", "reg:linear"]
    static let parametersKey: String? = "reg_loss_param"

    init(_ parameters: LossParameters) {}
    init(xgboost parameters: [String: String]) {}
    func xgboostParameters(targets: Int) -> [String: String] { ["scale_pos_weight": "1"] }

    @inline(__always)
    func derivatives(prediction: Float, target: Float) -> LossDerivatives {
        LossDerivatives(gradient: prediction - target)
    }

    @inline(__always)
    func value(difference: Double) -> Double { difference * difference / 2 }

    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float { Float(ExactSum.mean(targets)) }

    /// The gradient is the difference, so the loss comes from it, and is halved once for all rows.
    func differentiate(
        predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Range<Int>,
        gradients: UnsafeMutablePointer<Float>, hessians: UnsafeMutablePointer<Float>
    ) -> LossSums {
        var sums = LossSums()
        for row in rows {
            let gradient = predictions[row] - targets[row]
            gradients[row] = gradient
            sums.largestGradient = max(sums.largestGradient, gradient.magnitude)
            sums.loss += Double(gradient) * Double(gradient)
        }
        sums.loss /= 2
        return sums
    }
}

extension GBDTLoss {
    /// Half the squared error; `reg:squarederror`.
    public static let squared = GBDTLoss(SquaredLoss(LossParameters()))
}
