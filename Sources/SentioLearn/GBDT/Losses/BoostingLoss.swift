/// A loss that boosted trees can minimize, with the formulas of XGBoost's objective of that name.
///
/// A new loss is a type in a file of its own and a line in `GBDTLoss.functions`. Callers hold losses as existentials;
/// loops over rows are methods of the loss, so that the compiler specializes them for each type.
protocol BoostingLoss: Sendable, Hashable {
    /// Its name in pipelines.
    static var name: String { get }
    /// XGBoost's names of it: the one that is written, then others that are read.
    static var objectives: [String] { get }
    /// Where XGBoost's JSON keeps the parameters of the objective; nil for an objective without any.
    static var parametersKey: String? { get }

    /// Takes the parameters that it has.
    init(_ parameters: LossParameters)
    /// Reads XGBoost's parameters.
    ///
    /// - Throws: `LearnError.damagedModel` for a value out of range, `.foreignModel` for one without a counterpart.
    init(xgboost parameters: [String: String]) throws(LearnError)
    /// Its parameters as XGBoost writes them for a model of that many targets.
    func xgboostParameters(targets: Int) -> [String: String]
    /// - Throws: `LearnError.badParameter` for a parameter out of range.
    func validate() throws(LearnError)

    /// Whether every second derivative is 1, or is taken as 1 because it is 0 everywhere, as XGBoost does.
    static var hasUnitHessian: Bool { get }
    /// The quantile of its residuals that a leaf is set to; nil where leaves are Newton steps.
    var leafQuantile: Double? { get }
    /// The derivatives of the loss of one row by its prediction.
    func derivatives(prediction: Float, target: Float) -> LossDerivatives
    /// The loss of one row; `difference` is prediction - target.
    func value(difference: Double) -> Double
    /// The prediction before any tree. The same for every order of rows.
    func baseScore(_ targets: UnsafeBufferPointer<Float>) -> Float

    /// Writes the derivatives of a range of rows and sums up their losses. Without `hessians` if they are all 1.
    func differentiate(
        predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Range<Int>,
        gradients: UnsafeMutablePointer<Float>, hessians: UnsafeMutablePointer<Float>
    ) -> LossSums
    /// The sum of the losses of rows 0..<count, in their order.
    func sum(predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int) -> Double
}

extension BoostingLoss {
    static var parametersKey: String? { nil }
    static var hasUnitHessian: Bool { true }
    var leafQuantile: Double? { nil }
    func xgboostParameters(targets: Int) -> [String: String] { [:] }
    func validate() throws(LearnError) {}

    func differentiate(
        predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Range<Int>,
        gradients: UnsafeMutablePointer<Float>, hessians: UnsafeMutablePointer<Float>
    ) -> LossSums {
        let hasUnitHessian = Self.hasUnitHessian
        var sums = LossSums()
        for row in rows {
            let own = derivatives(prediction: predictions[row], target: targets[row])
            gradients[row] = own.gradient
            sums.largestGradient = max(sums.largestGradient, own.gradient.magnitude)
            if !hasUnitHessian {
                hessians[row] = own.hessian
                sums.largestHessian = max(sums.largestHessian, own.hessian)
            }
            sums.loss += value(difference: Double(predictions[row]) - Double(targets[row]))
        }
        return sums
    }

    func sum(predictions: UnsafePointer<Float>, targets: UnsafePointer<Float>, count: Int) -> Double {
        var sum = 0.0
        for row in 0..<count { sum += value(difference: Double(predictions[row]) - Double(targets[row])) }
        return sum
    }
}

/// The first and second derivative of the loss of one row.
struct LossDerivatives {
    let gradient: Float
    var hessian: Float = 1
}

/// What one pass over some rows finds.
struct LossSums {
    var loss = 0.0
    var largestGradient: Float = 0, largestHessian: Float = 0
}

/// The parameters of all losses.
struct LossParameters {
    /// Of `huber`; XGBoost's default.
    var slope = 1.0
    /// Of `quantile`: the median.
    var alpha = 0.5
}
