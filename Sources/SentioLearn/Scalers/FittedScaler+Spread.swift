extension FittedScaler {
    /// Mean and standard deviation of each column in the training songs, which `standard` and `sign-log` know; nil for
    /// other scalers. Those by quantiles limit what an outlier can do to a prediction.
    public var spread: TrainingSpread? { scaler.spread }
}

extension Scaler {
    var spread: TrainingSpread? { nil }
}

extension StandardScaler {
    var spread: TrainingSpread? { TrainingSpread(centers: center, deviations: scale) }
}

extension SignLogScaler {
    var spread: TrainingSpread? { standard.spread }
}
