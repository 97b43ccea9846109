/// How well predictions fit the classes of songs, as scikit-learn defines the measures.
public struct ClassScore: Sendable, Equatable, Codable {
    /// The fraction of songs whose predicted class is the true one.
    public var accuracy: Double
    /// The mean of the recalls of all classes that occur among the truths.
    public var balancedAccuracy: Double
    /// The mean F1 of all classes that occur among the truths or the predictions; the F1 of a class without a correct
    /// prediction is 0.
    public var macroF1: Double
    /// The mean negative natural logarithm of the probability of the true class.
    public var logLoss: Double

    /// The value of a metric.
    public subscript(metric: ClassMetric) -> Double {
        switch metric {
        case .accuracy: accuracy
        case .balancedAccuracy: balancedAccuracy
        case .macroF1: macroF1
        case .logLoss: logLoss
        }
    }

    /// - parameter confusion: songs by true class (rows) and predicted class (columns).
    /// - parameter logLoss: the mean over the songs.
    init(confusion: ConfusionMatrix, logLoss: Double) {
        let counts = confusion.classes
        let present = counts.filter { $0.support > 0 }, named = counts.filter { $0.support > 0 || $0.predicted > 0 }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        accuracy = Double(counts.reduce(0) { $0 + $1.correct }) / Double(max(1, confusion.songs))
        balancedAccuracy = mean(present.map(\.recall))
        macroF1 = mean(named.map(\.f1))
        self.logLoss = logLoss
    }

    private init(_ value: (ClassMetric) -> Double) {
        accuracy = value(.accuracy)
        balancedAccuracy = value(.balancedAccuracy)
        macroF1 = value(.macroF1)
        logLoss = value(.logLoss)
    }

    /// The difference of each metric.
    func minus(_ other: ClassScore) -> ClassScore { ClassScore { self[$0] - other[$0] } }
}
