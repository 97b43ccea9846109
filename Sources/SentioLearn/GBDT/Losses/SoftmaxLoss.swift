import Foundation

/// The cross-entropy of classes, as one class sees it; `multi:softprob`. A prediction is the probability of the class,
/// a target 1 for rows of the class and 0 for others.
///
/// The classes share their probabilities, so that `ClassBooster` computes these and `GBDT.fit` cannot use this loss: it
/// is not among the losses by name.
struct SoftmaxLoss: BoostingLoss {
    static let name = "softmax"
    static let objectives = ["multi:softprob", "multi:softmax"]
    static let parametersKey: String? = "softmax_multiclass_param"
    static let hasUnitHessian = false

    /// XGBoost's bound of second derivatives, and of probabilities in the loss.
    private static let least: Float = 1e-16

    init(_ parameters: LossParameters) {}
    init(xgboost parameters: [String: String]) {}
    func xgboostParameters(targets: Int) -> [String: String] { ["num_class": "\(targets)"] }

    /// XGBoost's second derivative is twice the true one.
    @inline(__always)
    func derivatives(prediction: Float, target: Float) -> LossDerivatives {
        LossDerivatives(
            gradient: prediction - target, hessian: max(2 * prediction * (1 - prediction), Self.least))
    }

    /// Rows of other classes have no part in the loss: summed over classes, it is the cross-entropy of each row.
    @inline(__always)
    func value(difference: Double) -> Double { difference < 0 ? -log(max(1 + difference, Double(Self.least))) : 0 }

    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float { 0 }
}

extension GBDTLoss {
    /// The cross-entropy of classes; `multi:softprob`. Only for models of `GBDT.fitClasses`.
    static let softmax = GBDTLoss(SoftmaxLoss(LossParameters()))

    /// Whether a model with this loss predicts classes.
    public var isOfClasses: Bool { function is SoftmaxLoss }
}
